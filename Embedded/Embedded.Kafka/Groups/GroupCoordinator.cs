using System.Collections.Concurrent;
using Embedded.Kafka.Wire;
using Microsoft.Extensions.Logging;

namespace Embedded.Kafka.Groups;

/// <summary>
/// All consumer groups of this broker, and their committed offsets. Handlers ask here; nothing here knows a frame.
/// </summary>
internal sealed class GroupCoordinator : IDisposable
{
    private const int MaxGroupIdLength = 1_024;
    private static readonly TimeSpan ExpiryInterval = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly Func<string, int, bool> _partitionExists;

    /// <summary>Restores every group, and is ready to answer.</summary>
    /// <param name="partitionExists">Whether offsets of a topic's partition may be committed.</param>
    /// <exception cref="IOException">groups.log cannot be opened.</exception>
    public GroupCoordinator(BrokerOptions options, Func<string, int, bool> partitionExists, TimeProvider time, ILogger log)
    {
        (Options, Time, Log, _partitionExists) = (options, time, log, partitionExists);
        Store = GroupStore.Open(Path.Combine(options.DataDirectory, "groups.log"));
        Timers = new TimerQueue(time, log.TimerFailed);

        var (saved, offsetsOnly) = Store.Groups();
        foreach (var snapshot in saved)
        {
            _groups[snapshot.GroupId] = new Group(snapshot, this);
        }

        foreach (var groupId in offsetsOnly)
        {
            _groups[groupId] = new Group(groupId, this);
        }

        if (!_groups.IsEmpty || Store.TruncatedBytes > 0)
        {
            log.GroupsRestored(_groups.Count, Store.TruncatedBytes);
        }

        ScheduleExpiry();
    }

    internal BrokerOptions Options { get; }

    internal TimeProvider Time { get; }

    internal ILogger Log { get; }

    internal TimerQueue Timers { get; }

    internal GroupStore Store { get; }

    public Task<JoinAnswer> JoinAsync(JoinRequest request)
    {
        var error = CheckJoin(request);
        if (error != ErrorCode.None)
        {
            return Task.FromResult(new JoinAnswer { Error = error, MemberId = request.MemberId });
        }

        var group = request.MemberId.Length == 0 ? GetOrAdd(request.GroupId) : Find(request.GroupId);
        return group?.JoinAsync(request) ?? Task.FromResult(new JoinAnswer { Error = ErrorCode.UnknownMemberId, MemberId = request.MemberId });
    }

    public Task<SyncAnswer> SyncAsync(SyncRequest request) =>
        Find(request.GroupId)?.SyncAsync(request) ?? Task.FromResult(SyncAnswer.Refused(ErrorCode.UnknownMemberId));

    public ErrorCode Heartbeat(string groupId, MemberKey member) => Find(groupId)?.Heartbeat(member) ?? ErrorCode.UnknownMemberId;

    /// <summary>One error for each member that leaves, in the same order.</summary>
    public ErrorCode[] Leave(string groupId, IReadOnlyList<LeavingMember> members) =>
        Find(groupId)?.Leave(members) ?? [.. members.Select(_ => ErrorCode.UnknownMemberId)];

    /// <summary>Keeps offsets for a group. All accepted ones are written together, before this returns.</summary>
    /// <returns>One error for each offset, in the same order.</returns>
    public ErrorCode[] Commit(string groupId, MemberKey member, IReadOnlyList<CommittedOffset> offsets)
    {
        var error = CheckCommit(groupId, member);
        if (error != ErrorCode.None)
        {
            return [.. offsets.Select(_ => error)];
        }

        var errors = offsets.Select(CheckOffset).ToArray();
        var accepted = errors.All(each => each == ErrorCode.None)
            ? offsets
            : [.. offsets.Where((_, i) => errors[i] == ErrorCode.None)];
        if (accepted.Count == 0)
        {
            return errors;
        }

        try
        {
            Store.Append(new OffsetsCommitted(groupId, Time.GetUtcNow(), accepted));
            GetOrAdd(groupId);
        }
        catch (IOException failure)
        {
            Log.SaveFailed(groupId, failure);
            for (var i = 0; i < errors.Length; i++)
            {
                errors[i] = errors[i] == ErrorCode.None ? ErrorCode.CoordinatorNotAvailable : errors[i];
            }
        }
        return errors;
    }

    /// <summary>What a group has committed for a partition; null if nothing.</summary>
    public StoredOffset? FindOffset(string groupId, string topic, int partition) =>
        Store.TryFind(groupId, new(topic, partition), out var offset) ? offset : null;

    /// <summary>Everything a group has committed, by topic and partition.</summary>
    public IReadOnlyList<KeyValuePair<TopicPartition, StoredOffset>> AllOffsets(string groupId) => Store.AllOf(groupId);

    /// <summary>A deleted topic's offsets mean nothing to a later topic of that name.</summary>
    public void ForgetTopic(string topic)
    {
        foreach (var record in Store.OffsetsOf(topic))
        {
            Store.Append(record);
        }
    }

    /// <summary>After a log lost its tail to a power cut: groups that had read beyond continue at its end, not at the beginning.</summary>
    public void MoveBack(string topic, int partition, long logEndOffset)
    {
        foreach (var record in Store.OffsetsOf(topic))
        {
            if (!Store.TryFind(record.GroupId, new(topic, partition), out var kept) || kept.Offset <= logEndOffset)
            {
                continue;
            }

            Store.Append(
                new OffsetsCommitted(record.GroupId, kept.CommittedAt, [new(topic, partition, logEndOffset, kept.LeaderEpoch, kept.Metadata)]));
        }
    }

    /// <summary>Makes commits durable against power loss; against a kill they are when they are answered.</summary>
    public void Flush() => Store.Flush();

    public void Dispose()
    {
        Timers.Dispose();
        Store.Dispose();
    }

    private Group? Find(string groupId) => _groups.GetValueOrDefault(groupId);

    private Group GetOrAdd(string groupId) => _groups.GetOrAdd(groupId, static (id, coordinator) => new Group(id, coordinator), this);

    private ErrorCode CheckJoin(JoinRequest request)
    {
        if (request.GroupId.Length is 0 or > MaxGroupIdLength)
        {
            return ErrorCode.InvalidGroupId;
        }

        var isInRange = request.SessionTimeoutMs >= Options.GroupMinSessionTimeoutMs && request.SessionTimeoutMs <= Options.GroupMaxSessionTimeoutMs;
        return isInRange ? ErrorCode.None : ErrorCode.InvalidSessionTimeout;
    }

    private ErrorCode CheckCommit(string groupId, MemberKey member)
    {
        if (groupId.Length > MaxGroupIdLength)
        {
            return ErrorCode.InvalidGroupId;
        }

        if (Find(groupId) is { } group)
        {
            return group.CheckCommit(member);
        }

        return member.Generation < 0 ? ErrorCode.None : ErrorCode.IllegalGeneration;
    }

    private ErrorCode CheckOffset(CommittedOffset offset)
    {
        if (!_partitionExists(offset.Topic, offset.Partition))
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        return offset.Metadata.Length <= Options.OffsetMetadataMaxBytes ? ErrorCode.None : ErrorCode.OffsetMetadataTooLarge;
    }

    private void ScheduleExpiry() => Timers.At(Timers.NowMs + (long)ExpiryInterval.TotalMilliseconds, () =>
    {
        try { ExpireOffsets(); }
        catch (IOException failure) { Log.SaveFailed("(expiry)", failure); }
        finally { ScheduleExpiry(); }
    });

    /// <summary>Drops offsets nobody has used for the retention time (KIP-211), and groups with nothing left in them.</summary>
    private void ExpireOffsets()
    {
        var before = Time.GetUtcNow() - TimeSpan.FromMinutes(Options.OffsetsRetentionMinutes);
        foreach (var (groupId, group) in _groups)
        {
            var expired = ExpiredOffsets(group, before);
            if (expired.Length > 0)
            {
                Store.Append(new OffsetsRemoved(groupId, expired));
                Log.OffsetsExpired(groupId, expired.Length);
            }
            if (group.TryDie(() => Store.HasOffsets(groupId)))
            {
                _groups.TryRemove(new(groupId, group));
            }
        }
    }

    private TopicPartition[] ExpiredOffsets(Group owner, DateTimeOffset before)
    {
        var old = Store.AllOf(owner.Id).Where(offset => offset.Value.CommittedAt < before);
        // Counted from when the last member left; where there never was one, from each commit.
        if (owner.State == GroupState.Empty)
        {
            return owner.EmptySince >= before ? [] : [.. old.Select(offset => offset.Key)];
        }

        return owner.SubscribedTopics() is { } subscribed
            ? [.. old.Select(offset => offset.Key).Where(partition => !subscribed.Contains(partition.Topic))]
            : [];
    }
}
