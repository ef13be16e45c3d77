using Embedded.Kafka.Groups;
using Embedded.Kafka.Wire;
using static Embedded.Tests.Kafka.Groups.GroupFixture;

namespace Embedded.Tests.Kafka.Groups;

public sealed class SyncGroupTests : IDisposable
{
    private readonly GroupFixture _group = new();

    public void Dispose() => _group.Dispose();

    [Fact]
    public void Every_member_gets_what_the_leader_gave_it_byte_for_byte()
    {
        var ids = Enumerable.Range(0, 2).Select(_ => Now(_group.Coordinator.JoinAsync(Request())).MemberId).ToArray();
        var joins = ids.Select(id => _group.JoinAsync(id)).ToArray();

        var follower = _group.SyncAsync(Now(joins[1]));
        Assert.False(follower.IsCompleted);
        var leader = _group.SyncAsync(Now(joins[0]), null, (ids[1], "two\0\u00ff"), ("nobody", "lost"));

        Assert.Empty(Now(leader).Assignment);                                // Not named: nothing to read.
        Assert.Equal("two\0\u00ff", Text(Now(follower).Assignment));
        Assert.Equal(("consumer", "range"), (Now(follower).ProtocolType, Now(follower).Protocol));
    }

    [Fact]
    public void A_stable_group_answers_a_repeated_sync_at_once()
    {
        var member = _group.Stable(2)[1];

        Assert.Equal(member.MemberId, Text(Now(_group.SyncAsync(member)).Assignment));
    }

    [Fact]
    public void Another_generation_or_protocol_is_refused()
    {
        var member = _group.Stable(1)[0];
        var request = new SyncRequest { GroupId = "g", Member = new(member.MemberId, null, 1) };

        Assert.Equal(ErrorCode.IllegalGeneration, Now(_group.SyncAsync(member with { Generation = 2 })).Error);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, Now(_group.Coordinator.SyncAsync(request with { Protocol = "sticky" })).Error);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, Now(_group.Coordinator.SyncAsync(request with { ProtocolType = "connect" })).Error);
        Assert.Equal(ErrorCode.None, Now(_group.Coordinator.SyncAsync(request with { ProtocolType = "consumer", Protocol = "range" })).Error);
        Assert.Equal(ErrorCode.UnknownMemberId, Now(_group.Coordinator.SyncAsync(request with { GroupId = "unknown" })).Error);
    }

    [Fact]
    public void Heartbeats_know_the_group_the_member_and_the_generation()
    {
        var member = _group.Stable(1)[0];

        Assert.Equal(ErrorCode.None, _group.Heartbeat(member));
        Assert.Equal(ErrorCode.IllegalGeneration, _group.Heartbeat(member with { Generation = 0 }));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Heartbeat(member with { MemberId = "nobody" }));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Coordinator.Heartbeat("unknown", new(member.MemberId, null, 1)));
    }

    [Fact]
    public void Leaving_answers_each_member_in_order()
    {
        var members = _group.Stable(2);
        var pending = Now(_group.Coordinator.JoinAsync(Request())).MemberId;

        var errors = _group.Coordinator.Leave("g", [new(members[0].MemberId, null), new("nobody", null), new(pending, null), new("", "no instance")]);

        Assert.Equal([ErrorCode.None, ErrorCode.UnknownMemberId, ErrorCode.None, ErrorCode.UnknownMemberId], errors);
        Assert.Equal(ErrorCode.UnknownMemberId, Now(_group.JoinAsync(pending)).Error);
        Assert.Equal(ErrorCode.RebalanceInProgress, _group.Heartbeat(members[1]));
        Assert.Equal([ErrorCode.UnknownMemberId], _group.Coordinator.Leave("unknown", [new(members[0].MemberId, null)]));
    }
}
