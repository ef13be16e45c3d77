using Embedded.Kafka.Groups;
using Embedded.Kafka.Wire;
using static Embedded.Tests.Kafka.Groups.GroupFixture;

namespace Embedded.Tests.Kafka.Groups;

public sealed class RebalanceTests : IDisposable
{
    private readonly GroupFixture _group = new();

    public void Dispose() => _group.Dispose();

    [Fact]
    public void An_empty_group_waits_the_initial_delay_for_more_members()
    {
        using var group = new GroupFixture(initialDelayMs: 300);
        var first = group.JoinAsync();
        group.Wait(200);
        var second = group.JoinAsync();

        group.Wait(290);                                                     // The second member prolonged the delay.
        Assert.False(first.IsCompleted);
        group.Wait(50);

        Assert.Equal((1, 1), (Now(first).Generation, Now(second).Generation));
        Assert.Equal(2, Now(first).Members.Count);
    }

    [Fact]
    public void A_rebalance_waits_for_every_member_and_drops_those_that_miss_it()
    {
        var members = _group.Stable(3);
        var joins = members[..2].Select(member => _group.JoinAsync(member.MemberId, topics: "new")).ToArray();

        for (var waited = 0; waited < RebalanceMs; waited += 5_000)
        {
            Assert.All(joins, join => Assert.False(join.IsCompleted));
            Assert.Equal(ErrorCode.RebalanceInProgress, _group.Heartbeat(members[2]));
            _group.Wait(5_000);
        }
        _group.Wait(TimerQueue.TickMs);

        Assert.Equal(2, Now(joins[0]).Members.Count);
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Heartbeat(members[2]));
    }

    [Fact]
    public void A_leader_that_does_not_come_back_is_replaced_by_the_first_that_did()
    {
        var members = _group.Stable(3);
        var joins = members[1..].Select(member => _group.JoinAsync(member.MemberId, topics: "new")).ToArray();

        Assert.Equal(ErrorCode.None, _group.Leave(members[0].MemberId));

        Assert.All(joins, join => Assert.Equal(members[1].MemberId, Now(join).LeaderId));
    }

    [Fact]
    public void A_session_that_ends_takes_the_member_out_and_the_rest_rebalance()
    {
        var members = _group.Stable(2);
        for (var waited = 0; waited < SessionMs + 1_000; waited += 1_000)
        {
            _group.Heartbeat(members[0]);
            _group.Wait(1_000);
        }

        Assert.Equal(ErrorCode.RebalanceInProgress, _group.Heartbeat(members[0]));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Heartbeat(members[1]));
        Assert.Single(Now(_group.JoinAsync(members[0].MemberId)).Members);
    }

    [Fact]
    public void A_member_that_waits_does_not_expire()
    {
        var leader = _group.Stable(1)[0];
        var joined = _group.JoinAsync();
        for (var waited = 0; waited < 5 * SessionMs; waited += 1_000)
        {
            _group.Heartbeat(leader);
            _group.Wait(1_000);
        }

        Assert.False(joined.IsCompleted);
        _group.Sync(_group.JoinAsync(leader.MemberId), joined);
    }

    [Fact]
    public void A_stopped_process_does_not_throw_out_its_members()
    {
        var member = _group.Stable(1)[0];

        _group.Time.Advance(TimeSpan.FromMilliseconds(3 * SessionMs));       // SIGSTOP …
        _group.Wait(100);                                                    // … SIGCONT

        Assert.Equal(ErrorCode.None, _group.Heartbeat(member));
    }

    [Fact]
    public void Members_that_never_ask_for_their_part_are_removed()
    {
        var members = _group.Stable(2);
        var joins = new[] { _group.JoinAsync(members[0].MemberId), _group.JoinAsync(members[1].MemberId) };
        var silent = Now(joins[1]);
        var sync = _group.SyncAsync(Now(joins[0]), null, (members[0].MemberId, "all"), (members[1].MemberId, "none"));
        Assert.Equal(ErrorCode.None, Now(sync).Error);

        for (var waited = 0; waited <= RebalanceMs; waited += 5_000)
        {
            _group.Heartbeat(Now(joins[0]));
            _group.Heartbeat(silent);
            _group.Wait(5_000);
        }

        Assert.Equal(ErrorCode.UnknownMemberId, _group.Heartbeat(silent));
        Assert.Equal(ErrorCode.RebalanceInProgress, _group.Heartbeat(Now(joins[0])));
    }

    [Fact]
    public void The_last_member_leaving_empties_the_group_and_generations_go_on()
    {
        var member = _group.Stable(1)[0];

        _group.Leave(member.MemberId);

        Assert.Equal(ErrorCode.UnknownMemberId, _group.Heartbeat(member));
        Assert.Equal(3, Now(_group.JoinAsync()).Generation);
    }

    [Fact]
    public void A_new_member_interrupts_the_assignment_under_way()
    {
        var members = _group.Stable(2);
        var joins = new[] { _group.JoinAsync(members[0].MemberId), _group.JoinAsync(members[1].MemberId) };
        var waiting = _group.SyncAsync(Now(joins[1]));

        var third = _group.JoinAsync();

        Assert.Equal(ErrorCode.RebalanceInProgress, Now(waiting).Error);
        _group.Sync(_group.JoinAsync(members[0].MemberId), _group.JoinAsync(members[1].MemberId), third);
    }
}
