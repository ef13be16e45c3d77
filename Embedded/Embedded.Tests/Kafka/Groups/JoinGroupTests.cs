using Embedded.Kafka.Groups;
using Embedded.Kafka.Wire;
using static Embedded.Tests.Kafka.Groups.GroupFixture;

namespace Embedded.Tests.Kafka.Groups;

public sealed class JoinGroupTests : IDisposable
{
    private readonly GroupFixture _group = new();

    public void Dispose() => _group.Dispose();

    [Fact]
    public void A_member_without_an_id_is_given_one_and_asked_to_come_back()
    {
        var first = Now(_group.Coordinator.JoinAsync(Request()));
        var second = Now(_group.JoinAsync(first.MemberId));

        Assert.Equal(ErrorCode.MemberIdRequired, first.Error);
        Assert.StartsWith("test-", first.MemberId, StringComparison.Ordinal);
        Assert.Equal((ErrorCode.None, 1, first.MemberId, "range"), (second.Error, second.Generation, second.LeaderId, second.Protocol));
    }

    [Fact]
    public void An_old_client_without_an_id_is_let_in_at_once()
    {
        var joined = Now(_group.Coordinator.JoinAsync(Request(canAskAgain: false)));

        Assert.Equal((ErrorCode.None, 1), (joined.Error, joined.Generation));
        Assert.Equal(joined.MemberId, Assert.Single(joined.Members).MemberId);
    }

    [Fact]
    public void A_pending_id_expires_after_the_session_timeout()
    {
        var pending = Now(_group.Coordinator.JoinAsync(Request())).MemberId;

        _group.Wait(SessionMs + TimerQueue.TickMs);

        Assert.Equal(ErrorCode.UnknownMemberId, Now(_group.JoinAsync(pending)).Error);
    }

    [Fact]
    public void A_pending_id_holds_up_the_rebalance_until_it_expires()
    {
        var others = Now(_group.Coordinator.JoinAsync(Request())).MemberId;
        var joined = _group.JoinAsync();

        Assert.False(joined.IsCompleted);
        _group.Wait(SessionMs + TimerQueue.TickMs);
        Assert.Equal(ErrorCode.None, Now(joined).Error);
        Assert.NotEqual(others, Now(joined).LeaderId);
    }

    [Theory]
    [InlineData("", SessionMs, ErrorCode.InvalidGroupId)]
    [InlineData("g", 5_999, ErrorCode.InvalidSessionTimeout)]
    [InlineData("g", 1_800_001, ErrorCode.InvalidSessionTimeout)]
    public void Limits_are_checked_before_anything_else(string group, int sessionMs, ErrorCode expected) =>
        Assert.Equal(expected, Now(_group.Coordinator.JoinAsync(Request(group: group, sessionMs: sessionMs))).Error);

    [Fact]
    public void A_member_needs_a_protocol_that_all_support()
    {
        _group.Stable(2);

        Assert.Equal(ErrorCode.InconsistentGroupProtocol, Now(_group.Coordinator.JoinAsync(Request(protocols: ["sticky"]))).Error);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, Now(_group.Coordinator.JoinAsync(Request(protocols: []))).Error);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, Now(_group.Coordinator.JoinAsync(Request(protocolType: "connect"))).Error);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, Now(_group.Coordinator.JoinAsync(Request(group: "new", protocolType: ""))).Error);
    }

    [Fact]
    public void An_unknown_member_or_group_is_told_so()
    {
        Assert.Equal(ErrorCode.UnknownMemberId, Now(_group.JoinAsync("nobody")).Error);
        _group.Stable(1);

        var answer = Now(_group.JoinAsync("nobody"));

        Assert.Equal((ErrorCode.UnknownMemberId, "nobody", -1), (answer.Error, answer.MemberId, answer.Generation));
    }

    [Fact]
    public void A_full_group_takes_nobody_in()
    {
        using var full = new GroupFixture(maxMembers: 1);
        full.Stable(1);

        Assert.Equal(ErrorCode.GroupMaxSizeReached, Now(full.Coordinator.JoinAsync(Request())).Error);
        Assert.Equal(ErrorCode.GroupMaxSizeReached, Now(full.JoinStaticAsync("i")).Error);
    }

    [Fact]
    public void A_follower_that_joins_again_unchanged_gets_the_current_generation()
    {
        var follower = _group.Stable(2)[1];

        var again = Now(_group.JoinAsync(follower.MemberId));

        Assert.Equal((ErrorCode.None, 1), (again.Error, again.Generation));
        Assert.Empty(again.Members);
    }

    [Fact]
    public void A_leader_that_joins_again_starts_a_rebalance()
    {
        var members = _group.Stable(2);

        var leader = _group.JoinAsync(members[0].MemberId);

        Assert.Equal(ErrorCode.RebalanceInProgress, _group.Heartbeat(members[1]));
        Assert.Equal([2, 2], _group.Sync(leader, _group.JoinAsync(members[1].MemberId)).Select(answer => answer.Generation));
    }

    [Fact]
    public void A_follower_with_another_subscription_starts_a_rebalance()
    {
        var members = _group.Stable(2);

        var follower = _group.JoinAsync(members[1].MemberId, topics: "t,u");
        var leader = Now(_group.JoinAsync(members[0].MemberId));

        Assert.Equal(["t", "t,u"], leader.Members.Select(member => Text(member.Metadata)));
        Assert.Equal(2, Now(follower).Generation);
    }

    [Fact]
    public void A_member_that_lost_the_answer_gets_it_again_while_the_leader_works()
    {
        var first = Now(_group.JoinAsync());

        var again = Now(_group.JoinAsync(first.MemberId));

        Assert.Equal((1, first.MemberId), (again.Generation, again.LeaderId));
        Assert.Single(again.Members);
    }

    [Fact]
    public void The_protocol_with_most_votes_among_those_all_support_wins()
    {
        var ids = Enumerable.Range(0, 3).Select(_ => Now(_group.Coordinator.JoinAsync(Request())).MemberId).ToArray();
        var joins = new[]
        {
            _group.JoinAsync(ids[0], protocols: ["range", "sticky"]),
            _group.JoinAsync(ids[1], protocols: ["own", "sticky", "range"]),
            _group.JoinAsync(ids[2], protocols: ["sticky", "range"]),
        };

        Assert.All(joins, join => Assert.Equal("sticky", Now(join).Protocol));
    }
}
