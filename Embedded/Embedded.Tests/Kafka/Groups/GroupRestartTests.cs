using Embedded.Kafka.Groups;
using Embedded.Kafka.Wire;
using static Embedded.Tests.Kafka.Groups.GroupFixture;

namespace Embedded.Tests.Kafka.Groups;

public sealed class GroupRestartTests : IDisposable
{
    private readonly GroupFixture _group = new();

    public void Dispose() => _group.Dispose();

    [Fact]
    public void Members_do_not_notice_a_restart()
    {
        var members = _group.Stable(3);

        _group.Restart();

        Assert.All(members, member => Assert.Equal(ErrorCode.None, _group.Heartbeat(member)));
        Assert.All(members, member => Assert.Equal(ErrorCode.None, _group.Commit(new(member.MemberId, null, 1), 9)));
        Assert.All(members, member => Assert.Equal(member.MemberId, Text(Now(_group.SyncAsync(member)).Assignment)));
    }

    [Fact]
    public void A_member_that_died_meanwhile_expires_and_the_others_take_over()
    {
        var members = _group.Stable(2);
        _group.Leave(members[1].MemberId);                                   // Half a rebalance is not written down …
        _group.Restart();

        for (var waited = 0; waited <= SessionMs; waited += 1_000)           // … so it is back, and silent.
        {
            _group.Heartbeat(members[0]);
            _group.Wait(1_000);
        }

        Assert.Equal(ErrorCode.RebalanceInProgress, _group.Heartbeat(members[0]));
        Assert.Single(Now(_group.JoinAsync(members[0].MemberId)).Members);
    }

    [Fact]
    public void Generations_never_go_backwards()
    {
        var member = _group.Stable(1)[0];
        _group.Leave(member.MemberId);

        _group.Restart();

        Assert.Equal(3, Now(_group.JoinAsync()).Generation);
    }

    [Fact]
    public void Committed_offsets_are_there_after_a_restart_with_everything_the_client_gave()
    {
        _group.Commit(new("", null, -1), 42, metadata: "größer");

        _group.Restart();

        var kept = _group.Coordinator.FindOffset("g", "t", 0)!.Value;
        Assert.Equal((42, 3, "größer"), (kept.Offset, kept.LeaderEpoch, kept.Metadata));
    }
}
