using Embedded.Kafka.Groups;
using Embedded.Kafka.Wire;
using static Embedded.Tests.Kafka.Groups.GroupFixture;

namespace Embedded.Tests.Kafka.Groups;

public sealed class CommittedOffsetsTests : IDisposable
{
    private static readonly MemberKey Nobody = new("", null, -1);

    private readonly GroupFixture _group = new();

    public void Dispose() => _group.Dispose();

    [Fact]
    public void A_simple_consumer_commits_without_a_group()
    {
        Assert.Equal(ErrorCode.None, _group.Commit(Nobody, 42, metadata: "where I was"));

        var kept = _group.Coordinator.FindOffset("g", "t", 0)!.Value;
        Assert.Equal((42, 3, "where I was"), (kept.Offset, kept.LeaderEpoch, kept.Metadata));
        Assert.Null(_group.Coordinator.FindOffset("g", "t", 1));
        Assert.Null(_group.Coordinator.FindOffset("other", "t", 0));
    }

    [Fact]
    public void A_commit_is_checked_like_any_member_request()
    {
        var member = _group.Stable(1)[0];

        Assert.Equal(ErrorCode.None, _group.Commit(new(member.MemberId, null, 1), 1));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Commit(Nobody, 2));
        Assert.Equal(ErrorCode.UnknownMemberId, _group.Commit(new("nobody", null, 1), 2));
        Assert.Equal(ErrorCode.IllegalGeneration, _group.Commit(new(member.MemberId, null, 0), 2));
        Assert.Equal(ErrorCode.IllegalGeneration, _group.Commit(new("m", null, 1), 2, group: "unknown"));
        Assert.Equal(1, _group.Coordinator.FindOffset("g", "t", 0)!.Value.Offset);
    }

    [Fact]
    public void A_commit_is_taken_while_members_join_and_refused_while_the_leader_assigns()
    {
        var members = _group.Stable(2);
        var key = new MemberKey(members[1].MemberId, null, 1);

        var leader = _group.JoinAsync(members[0].MemberId);
        Assert.Equal(ErrorCode.None, _group.Commit(key, 1));
        var follower = _group.JoinAsync(members[1].MemberId);

        Assert.Equal(ErrorCode.RebalanceInProgress, _group.Commit(key with { Generation = 2 }, 2));
        _group.Sync(leader, follower);
        Assert.Equal(ErrorCode.None, _group.Commit(key with { Generation = 2 }, 2));
    }

    [Fact]
    public void A_commit_is_a_sign_of_life()
    {
        var member = _group.Stable(1)[0];
        for (var waited = 0; waited < 2 * SessionMs; waited += 1_000)
        {
            Assert.Equal(ErrorCode.None, _group.Commit(new(member.MemberId, null, 1), waited));
            _group.Wait(1_000);
        }

        Assert.Equal(ErrorCode.None, _group.Heartbeat(member));
    }

    [Fact]
    public void Each_partition_has_its_own_error_and_the_good_ones_are_kept()
    {
        var errors = _group.Coordinator.Commit("g", Nobody,
        [
            new("t", 0, 10, -1, ""), new("unknown", 0, 10, -1, ""), new("t", 1, 10, -1, new string('x', 4_097)),
            new("t", 2, 20, -1, new string('x', 4_096)),
        ]);

        Assert.Equal([ErrorCode.None, ErrorCode.UnknownTopicOrPartition, ErrorCode.OffsetMetadataTooLarge, ErrorCode.None], errors);
        Assert.Equal([0, 2], _group.Coordinator.AllOffsets("g").Select(offset => offset.Key.Partition));
    }

    [Fact]
    public void Offsets_of_a_group_that_only_commits_expire_one_by_one()
    {
        using var group = new GroupFixture(retentionMinutes: 60);
        group.Commit(Nobody, 1, "old");
        group.Wait(40 * 60_000);
        group.Commit(Nobody, 1, "new");

        group.Wait(40 * 60_000);

        Assert.Equal("new", Assert.Single(group.Coordinator.AllOffsets("g")).Key.Topic);
    }

    [Fact]
    public void Offsets_of_a_consumer_group_count_from_when_the_last_member_left()
    {
        using var group = new GroupFixture(retentionMinutes: 60);
        var member = group.Stable(1)[0];
        group.Commit(new(member.MemberId, null, 1), 7);
        for (var minutes = 0; minutes < 90; minutes++)
        {
            for (var seconds = 0; seconds < 60; seconds += 5)
            {
                Assert.Equal(ErrorCode.None, group.Heartbeat(member));
                group.Wait(5_000);
            }
        }
        Assert.Single(group.Coordinator.AllOffsets("g"));
        group.Leave(member.MemberId);

        group.Wait(50 * 60_000);
        Assert.Single(group.Coordinator.AllOffsets("g"));
        group.Wait(30 * 60_000);
        Assert.Empty(group.Coordinator.AllOffsets("g"));
    }

    [Fact]
    public void A_deleted_topic_is_forgotten_in_every_group()
    {
        _group.Commit(Nobody, 1, "t", group: "a");
        _group.Commit(Nobody, 1, "t", group: "b");
        _group.Commit(Nobody, 1, "kept", group: "b");

        _group.Coordinator.ForgetTopic("t");
        _group.Restart();

        Assert.Empty(_group.Coordinator.AllOffsets("a"));
        Assert.Equal("kept", Assert.Single(_group.Coordinator.AllOffsets("b")).Key.Topic);
    }

    [Fact]
    public void Offsets_beyond_a_shortened_log_move_back_to_its_end()
    {
        _group.Commit(Nobody, 100, group: "ahead");
        _group.Commit(Nobody, 50, group: "behind");

        _group.Coordinator.MoveBack("t", 0, logEndOffset: 80);

        Assert.Equal(80, _group.Coordinator.FindOffset("ahead", "t", 0)!.Value.Offset);
        Assert.Equal(50, _group.Coordinator.FindOffset("behind", "t", 0)!.Value.Offset);
    }
}
