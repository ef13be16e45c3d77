using Embedded.Kafka;
using Embedded.Kafka.Groups;
using Embedded.Kafka.Wire;
using Embedded.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Embedded.Tests.Kafka.Groups;

/// <summary>A coordinator with a clock of its own, and members that speak to it as clients do.</summary>
internal sealed class GroupFixture : IDisposable
{
    public const int SessionMs = 10_000;
    public const int RebalanceMs = 60_000;

    private readonly TemporaryFolder _folder = new();
    private readonly BrokerOptions _options;

    public GroupFixture(int initialDelayMs = 0, int maxMembers = int.MaxValue, int retentionMinutes = 10_080)
    {
        _options = new BrokerOptions
        {
            DataDirectory = _folder.Path,
            GroupInitialRebalanceDelayMs = initialDelayMs,
            GroupMaxSize = maxMembers,
            OffsetsRetentionMinutes = retentionMinutes,
        };
        Coordinator = Open();
    }

    public FakeTimeProvider Time { get; } = new();

    public GroupCoordinator Coordinator { get; private set; }

    public string DataFolder => _folder.Path;

    /// <summary>What a kill and a new start look like from inside: nothing but the file remains.</summary>
    public void Restart()
    {
        Coordinator.Dispose();
        Coordinator = Open();
    }

    /// <summary>Time passes in steps, as it does; one leap is what a stopped process sees.</summary>
    public void Wait(int ms)
    {
        for (; ms > 0; ms -= TimerQueue.TickMs)
        {
            Time.Advance(TimeSpan.FromMilliseconds(Math.Min(ms, TimerQueue.TickMs)));
        }
    }

    public static JoinRequest Request(
        string memberId = "", string? instanceId = null, string topics = "t", string group = "g", string[]? protocols = null,
        int sessionMs = SessionMs, string protocolType = "consumer", bool canAskAgain = true, bool canSkipAssignment = false) => new()
        {
            GroupId = group,
            MemberId = memberId,
            InstanceId = instanceId,
            ClientId = "test",
            ClientHost = "/127.0.0.1",
            SessionTimeoutMs = sessionMs,
            RebalanceTimeoutMs = RebalanceMs,
            ProtocolType = protocolType,
            Protocols = [.. (protocols ?? ["range"]).Select(name => new MemberProtocol(name, System.Text.Encoding.UTF8.GetBytes(topics)))],
            CanAskAgain = canAskAgain,
            CanSkipAssignment = canSkipAssignment,
        };

    /// <summary>Joins as a new dynamic member does: asks, is given an id, asks again with it.</summary>
    public Task<JoinAnswer> JoinAsync(string? memberId = null, string topics = "t", string[]? protocols = null)
    {
        memberId ??= Now(Coordinator.JoinAsync(Request(topics: topics, protocols: protocols))).MemberId;
        return Coordinator.JoinAsync(Request(memberId, topics: topics, protocols: protocols));
    }

    public Task<JoinAnswer> JoinStaticAsync(string instanceId, string memberId = "", bool canSkipAssignment = false, string topics = "t") =>
        Coordinator.JoinAsync(Request(memberId, instanceId, topics: topics, canSkipAssignment: canSkipAssignment));

    public Task<SyncAnswer> SyncAsync(JoinAnswer joined, string? instanceId = null, params (string MemberId, string Part)[] parts) =>
        Coordinator.SyncAsync(new SyncRequest
        {
            GroupId = "g",
            Member = new MemberKey(joined.MemberId, instanceId, joined.Generation),
            Assignments = [.. parts.Select(part => KeyValuePair.Create(part.MemberId, System.Text.Encoding.UTF8.GetBytes(part.Part)))],
        });

    public ErrorCode Heartbeat(JoinAnswer joined, string? instanceId = null) =>
        Coordinator.Heartbeat("g", new MemberKey(joined.MemberId, instanceId, joined.Generation));

    public ErrorCode Leave(string memberId, string? instanceId = null) =>
        Assert.Single(Coordinator.Leave("g", [new LeavingMember(memberId, instanceId)]));

    public ErrorCode Commit(MemberKey member, long offset, string topic = "t", string group = "g", string metadata = "") =>
        Assert.Single(Coordinator.Commit(group, member, [new CommittedOffset(topic, 0, offset, 3, metadata)]));

    /// <summary>A stable group of so many members; the first leads. Each member's part is its own id.</summary>
    public JoinAnswer[] Stable(int memberCount)
    {
        var ids = Enumerable.Range(0, memberCount).Select(_ => Now(Coordinator.JoinAsync(Request())).MemberId).ToArray();
        var joins = ids.Select(id => JoinAsync(id)).ToArray();
        if (_options.GroupInitialRebalanceDelayMs > 0)
        {
            Wait(_options.GroupInitialRebalanceDelayMs + TimerQueue.TickMs);
        }

        return [.. Sync(joins)];
    }

    /// <summary>The second half of a rebalance that everybody has joined.</summary>
    public JoinAnswer[] Sync(params Task<JoinAnswer>[] joins)
    {
        var answers = joins.Select(Now).ToArray();
        Assert.All(answers, answer => Assert.Equal(ErrorCode.None, answer.Error));
        var leader = answers.Single(answer => answer.LeaderId == answer.MemberId);
        var followers = answers.Where(answer => answer != leader).Select(answer => (answer, SyncAsync(answer))).ToArray();
        var part = Now(SyncAsync(leader, null, [.. leader.Members.Select(member => (member.MemberId, member.MemberId))]));
        Assert.Equal((ErrorCode.None, leader.MemberId), (part.Error, Text(part.Assignment)));
        Assert.All(followers, follower => Assert.Equal(follower.answer.MemberId, Text(Now(follower.Item2).Assignment)));
        return answers;
    }

    /// <summary>The answer of a request that must not wait.</summary>
    public static T Now<T>(Task<T> answer)
    {
        Assert.True(answer.IsCompleted, "still waiting");
        return answer.GetAwaiter().GetResult();
    }

    public static string Text(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);

    public void Dispose()
    {
        Coordinator.Dispose();
        _folder.Dispose();
    }

    private GroupCoordinator Open() => new(_options, (topic, partition) => topic != "unknown" && partition < 100, Time, NullLogger.Instance);
}
