using Embedded.Kafka.Wire;
using Microsoft.Extensions.Logging;

namespace Embedded.Kafka.Groups;

/// <summary>
/// One consumer group: who is in it, in which generation, and who reads what. The state machine of the classic protocol.
/// </summary>
/// <remarks>
/// Everything happens under one lock a group, held for microseconds: requests and timers come in, answers are promises
/// that complete outside. Group.Join.cs, Group.Rebalance.cs and Group.Sync.cs hold the three steps of a rebalance in order;
/// this file holds the members, their sessions, and what must survive a restart.
/// </remarks>
internal sealed partial class Group
{
    private readonly Lock _lock = new();
    private readonly BrokerOptions _options;
    private readonly TimerQueue _timers;
    private readonly TimeProvider _time;
    private readonly GroupStore _store;
    private readonly ILogger _log;

    private readonly OrderedDictionary<string, Member> _members = [];
    private readonly Dictionary<string, Member> _instances = [];
    private readonly HashSet<string> _pendingIds = [];

    private GroupState _state = GroupState.Empty;
    private int _generation;
    private string _protocolType = "";
    private string? _protocol;
    private string? _leaderId;
    private DateTimeOffset _changedAt;

    public Group(string id, GroupCoordinator coordinator)
    {
        Id = id;
        (_options, _timers, _time, _store, _log) = (coordinator.Options, coordinator.Timers, coordinator.Time, coordinator.Store, coordinator.Log);
        _changedAt = _time.GetUtcNow();
    }

    /// <summary>A group as it was saved. With members it is Stable at once, and each has a full session to be heard of again.</summary>
    public Group(GroupSnapshot saved, GroupCoordinator coordinator) : this(saved.GroupId, coordinator)
    {
        _generation = saved.Generation;
        _protocolType = saved.ProtocolType;
        _changedAt = saved.ChangedAt;
        if (saved.Members.Count == 0)
        {
            return;
        }

        _protocol = saved.Protocol;
        _leaderId = saved.LeaderId;
        _state = GroupState.Stable;
        foreach (var member in saved.Members)
        {
            Add(new Member(member.Id, member.InstanceId)
            {
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                SessionTimeoutMs = member.SessionTimeoutMs,
                RebalanceTimeoutMs = member.RebalanceTimeoutMs,
                Protocols = member.Protocols,
                Assignment = member.Assignment,
                IsNew = false,
            });
        }
    }

    public string Id { get; }

    public GroupState State
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    /// <summary>May this client commit offsets now? Being asked counts as a sign of life.</summary>
    public ErrorCode CheckCommit(MemberKey key)
    {
        lock (_lock)
        {
            if (_state == GroupState.Dead)
            {
                return ErrorCode.CoordinatorNotAvailable;
            }

            if (_state == GroupState.Empty && key.Generation < 0)
            {
                return ErrorCode.None;     // A consumer that assigns itself, or an operator.
            }

            var error = Check(key, out var member);
            if (error != ErrorCode.None)
            {
                return error;
            }

            Touch(member);
            return _state == GroupState.CompletingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
        }
    }

    /// <summary>Topics that the members read; null if that cannot be told (not a consumer group, or between generations).</summary>
    public IReadOnlySet<string>? SubscribedTopics()
    {
        lock (_lock)
        {
            if (_state != GroupState.Stable || _protocolType != Subscription.ProtocolType)
            {
                return null;
            }

            var topics = new HashSet<string>(StringComparer.Ordinal);
            foreach (var member in _members.Values)
            {
                if (!Subscription.TryReadTopics(member.MetadataFor(_protocol), topics))
                {
                    return null;
                }
            }
            return topics;
        }
    }

    /// <summary>When the last member left; null while there are members. For a group that only ever had offsets: not known, null.</summary>
    public DateTimeOffset? EmptySince
    {
        get
        {
            lock (_lock)
            {
                return _state == GroupState.Empty && _generation > 0 ? _changedAt : null;
            }
        }
    }

    /// <summary>
    /// Removes the group if nothing is in it. Afterwards it answers that the coordinator is not available, and clients come back to a new one.
    /// </summary>
    public bool TryDie(Func<bool> hasOffsets)
    {
        lock (_lock)
        {
            if (_state != GroupState.Empty || _pendingIds.Count > 0 || hasOffsets())
            {
                return false;
            }

            _store.Append(new GroupRemoved(Id));
            _state = GroupState.Dead;
            return true;
        }
    }

    /// <summary>The checks that every member's request passes: the fence of static membership, the member id, the generation.</summary>
    private ErrorCode Check(MemberKey key, out Member member)
    {
        var error = Find(key.MemberId, key.InstanceId, out member);
        if (error != ErrorCode.None)
        {
            return error;
        }

        return key.Generation == _generation ? ErrorCode.None : ErrorCode.IllegalGeneration;
    }

    private ErrorCode Find(string memberId, string? instanceId, out Member member)
    {
        if (instanceId is null)
        {
            return _members.TryGetValue(memberId, out member!) ? ErrorCode.None : ErrorCode.UnknownMemberId;
        }

        if (!_instances.TryGetValue(instanceId, out member!))
        {
            return ErrorCode.UnknownMemberId;
        }

        return member.Id == memberId ? ErrorCode.None : ErrorCode.FencedInstanceId;
    }

    private void Add(Member member)
    {
        _members.Add(member.Id, member);
        if (member.InstanceId is not null)
        {
            _instances.Add(member.InstanceId, member);
        }

        _leaderId ??= member.Id;
        Touch(member);
    }

    /// <summary>Takes a member out, and tells the requests it has waiting.</summary>
    private void Remove(Member member, ErrorCode error)
    {
        _members.Remove(member.Id);
        if (member.InstanceId is not null)
        {
            _instances.Remove(member.InstanceId);
        }

        _awaitingSync.Remove(member.Id);
        AnswerJoin(member, Refused(error, member.Id));
        AnswerSync(member, SyncAnswer.Refused(error));
        if (_leaderId == member.Id)
        {
            _leaderId = _members.Count > 0 ? _members.GetAt(0).Key : null;
        }
    }

    /// <summary>After members are gone: the others share what they had.</summary>
    private void AfterRemoval(string reason)
    {
        if (_state is GroupState.Stable or GroupState.CompletingRebalance)
        {
            PrepareRebalance(reason);
        }
        else if (_state == GroupState.PreparingRebalance)
        {
            CompleteIfAllJoined();
        }
    }

    /// <summary>The member was heard of: its session starts over.</summary>
    private void Touch(Member member)
    {
        member.ExpiresAtMs = _timers.NowMs + (member.IsNew ? NewMemberPatienceMs : member.SessionTimeoutMs);
        if (member.TimerAtMs == 0 || member.ExpiresAtMs < member.TimerAtMs)
        {
            WatchSession(member, member.ExpiresAtMs);
        }
    }

    private void WatchSession(Member member, long dueMs)
    {
        member.TimerAtMs = dueMs;
        _timers.At(dueMs, () => OnSessionTimer(member, dueMs));
    }

    private void OnSessionTimer(Member member, long dueMs)
    {
        lock (_lock)
        {
            var isCurrent = member.TimerAtMs == dueMs && _members.TryGetValue(member.Id, out var current) && current == member;
            if (!isCurrent)
            {
                return;
            }
            // Who waits for us cannot send heartbeats; only a join that was never part of a generation has a limit of its own.
            if (member.ParkedSync is not null || (member.ParkedJoin is not null && !member.IsNew))
            {
                Touch(member);
            }

            if (member.ExpiresAtMs > dueMs)
            {
                WatchSession(member, member.ExpiresAtMs);
                return;
            }
            _log.MemberExpired(Id, member.Id, member.SessionTimeoutMs);
            Remove(member, ErrorCode.UnknownMemberId);
            AfterRemoval("a session ended");
        }
    }

    /// <summary>Writes down the generation that was just completed, with these assignments.</summary>
    /// <exception cref="IOException">Not written.</exception>
    private void Save(Func<Member, byte[]> assignment) => _store.Append(new GroupSaved(new GroupSnapshot
    {
        GroupId = Id,
        Generation = _generation,
        ProtocolType = _protocolType,
        Protocol = _protocol ?? "",
        LeaderId = _leaderId ?? "",
        ChangedAt = _changedAt,
        Members = [.. _members.Values.Select(member => new MemberSnapshot
        {
            Id = member.Id,
            InstanceId = member.InstanceId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            SessionTimeoutMs = member.SessionTimeoutMs,
            RebalanceTimeoutMs = member.RebalanceTimeoutMs,
            Protocols = member.Protocols,
            Assignment = assignment(member),
        })],
    }));

    private void Enter(GroupState state)
    {
        _state = state;
        _changedAt = _time.GetUtcNow();
    }
}
