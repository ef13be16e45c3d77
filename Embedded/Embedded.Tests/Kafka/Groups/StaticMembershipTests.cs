using Embedded.Kafka.Groups;
using Embedded.Kafka.Wire;
using static Embedded.Tests.Kafka.Groups.GroupFixture;

namespace Embedded.Tests.Kafka.Groups;

/// <summary>Static membership (KIP-345): a member that restarts keeps its place, and nobody else notices.</summary>
public sealed class StaticMembershipTests : IDisposable
{
    private readonly GroupFixture _group = new(initialDelayMs: 300);

    public void Dispose() => _group.Dispose();

    [Fact]
    public void A_static_member_that_comes_back_keeps_its_part_without_a_rebalance()
    {
        var (a, b) = StableStatic();

        var back = Now(_group.JoinStaticAsync("b"));

        Assert.Equal((ErrorCode.None, 1), (back.Error, back.Generation));
        Assert.NotEqual(b.MemberId, back.MemberId);
        Assert.Equal("part of b", Text(Now(_group.SyncAsync(back, "b")).Assignment));
        Assert.Equal(ErrorCode.None, _group.Heartbeat(a, "a"));
        Assert.Equal(ErrorCode.FencedInstanceId, _group.Heartbeat(b, "b"));
    }

    [Fact]
    public void A_static_leader_of_an_old_client_is_told_that_another_leads()
    {
        var (a, _) = StableStatic();

        var back = Now(_group.JoinStaticAsync("a"));

        Assert.Equal((a.MemberId, false), (back.LeaderId, back.SkipAssignment));
        Assert.Empty(back.Members);
        Assert.Equal("part of a", Text(Now(_group.SyncAsync(back, "a")).Assignment));
    }

    [Fact]
    public void A_static_leader_of_a_new_client_leads_and_skips_the_assignment()
    {
        StableStatic();

        var back = Now(_group.JoinStaticAsync("a", canSkipAssignment: true));

        Assert.Equal((back.MemberId, true, 2), (back.LeaderId, back.SkipAssignment, back.Members.Count));
    }

    [Fact]
    public void A_static_member_that_is_away_holds_its_place_until_its_session_ends()
    {
        var (a, _) = StableStatic();
        for (var waited = 0; waited < SessionMs - 1_000; waited += 1_000)
        {
            Assert.Equal(ErrorCode.None, _group.Heartbeat(a, "a"));
            _group.Wait(1_000);
        }
        Assert.Equal(ErrorCode.None, _group.Heartbeat(a, "a"));

        _group.Wait(2_000);

        Assert.Equal(ErrorCode.RebalanceInProgress, _group.Heartbeat(a, "a"));
    }

    [Fact]
    public void A_replaced_member_that_waits_is_fenced()
    {
        var first = _group.JoinStaticAsync("a");

        var second = _group.JoinStaticAsync("a");

        Assert.Equal(ErrorCode.FencedInstanceId, Now(first).Error);
        _group.Wait(400);
        Assert.Equal(ErrorCode.None, Now(second).Error);
    }

    [Fact]
    public void An_instance_id_with_another_member_id_is_fenced_and_an_unknown_one_unknown()
    {
        var (a, b) = StableStatic();

        Assert.Equal(ErrorCode.FencedInstanceId, Now(_group.JoinStaticAsync("a", b.MemberId)).Error);
        Assert.Equal(ErrorCode.UnknownMemberId, Now(_group.JoinStaticAsync("c", a.MemberId)).Error);
        Assert.Equal(ErrorCode.FencedInstanceId, _group.Commit(new(b.MemberId, "a", 1), 5));
        Assert.Equal(ErrorCode.FencedInstanceId, _group.Leave(b.MemberId, "a"));
    }

    [Fact]
    public void An_operator_removes_a_static_member_by_its_instance_id()
    {
        var (a, _) = StableStatic();

        Assert.Equal(ErrorCode.None, _group.Leave("", "b"));

        Assert.Equal(ErrorCode.RebalanceInProgress, _group.Heartbeat(a, "a"));
    }

    [Fact]
    public void A_static_member_that_misses_a_rebalance_stays_in_the_group()
    {
        var (a, _) = StableStatic();
        var rejoined = _group.JoinStaticAsync("a", a.MemberId, topics: "new");

        for (var waited = 0; waited < SessionMs - 1_000; waited += 1_000)
        {
            _group.Wait(1_000);
        }

        Assert.False(rejoined.IsCompleted);
        _group.Wait(2_000);                                                  // Its session ends before the rebalance timeout.

        Assert.Single(Now(rejoined).Members);
    }

    [Fact]
    public void A_replacement_survives_a_restart()
    {
        StableStatic();
        var back = Now(_group.JoinStaticAsync("b"));

        _group.Restart();

        Assert.Equal(ErrorCode.None, _group.Heartbeat(back, "b"));
    }

    private (JoinAnswer A, JoinAnswer B) StableStatic()
    {
        var (a, b) = (_group.JoinStaticAsync("a"), _group.JoinStaticAsync("b"));
        _group.Wait(400);
        var follower = _group.SyncAsync(Now(b), "b");
        Now(_group.SyncAsync(Now(a), "a", (Now(a).MemberId, "part of a"), (Now(b).MemberId, "part of b")));
        Assert.Equal("part of b", Text(Now(follower).Assignment));
        return (Now(a), Now(b));
    }
}
