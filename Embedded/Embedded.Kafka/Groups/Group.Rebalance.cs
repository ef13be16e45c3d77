using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Groups;

/// <summary>Second step of a rebalance: wait until everybody has joined, then start the next generation.</summary>
internal sealed partial class Group
{
    private readonly HashSet<string> _awaitingSync = [];

    private bool _isInitialDelay;
    private long _initialDelayEndsAtMs;
    private long _deadlineMs;

    /// <summary>The longest that any member may take to stop what it is doing and join again.</summary>
    private int RebalanceTimeoutMs => _members.Count == 0 ? 0 : _members.Values.Max(member => member.RebalanceTimeoutMs);

    private void PrepareRebalance(string reason)
    {
        _log.RebalanceStarts(Id, _generation, reason);
        BrokerMetrics.RebalanceBegun();
        foreach (var member in _members.Values)
        {
            AnswerSync(member, SyncAnswer.Refused(ErrorCode.RebalanceInProgress));
            member.Assignment = [];
        }
        _awaitingSync.Clear();

        // Consumers of a group start together as a rule: waiting a moment for the others saves a rebalance for each of them.
        _isInitialDelay = _state == GroupState.Empty && _options.GroupInitialRebalanceDelayMs > 0;
        _initialDelayEndsAtMs = _timers.NowMs + RebalanceTimeoutMs;
        Enter(GroupState.PreparingRebalance);
        SetDeadline(_isInitialDelay ? Math.Min(_options.GroupInitialRebalanceDelayMs, RebalanceTimeoutMs) : RebalanceTimeoutMs);
        CompleteIfAllJoined();
    }

    private void ProlongInitialDelay()
    {
        if (!_isInitialDelay)
        {
            return;
        }

        SetDeadline(Math.Min(_options.GroupInitialRebalanceDelayMs, _initialDelayEndsAtMs - _timers.NowMs));
    }

    private void SetDeadline(long inMs)
    {
        var dueMs = _deadlineMs = _timers.NowMs + Math.Max(inMs, 0);
        _timers.At(dueMs, () => OnDeadline(dueMs));
    }

    private void OnDeadline(long dueMs)
    {
        lock (_lock)
        {
            if (dueMs != _deadlineMs)
            {
                return;                                // Moved since, or no longer needed.
            }

            if (_state == GroupState.PreparingRebalance)
            {
                CompleteJoins();
            }
            else if (_awaitingSync.Count > 0)
            {
                RemoveSilent();
            }
        }
    }

    private void CompleteIfAllJoined()
    {
        var mayComplete = _state == GroupState.PreparingRebalance && !_isInitialDelay && _pendingIds.Count == 0;
        if (mayComplete && _members.Values.All(member => member.ParkedJoin is not null))
        {
            CompleteJoins();
        }
    }

    private void CompleteJoins()
    {
        _isInitialDelay = false;
        foreach (var absent in _members.Values.Where(member => member.ParkedJoin is null && member.InstanceId is null).ToArray())
        {
            _log.MemberMissedRebalance(Id, absent.Id);
            Remove(absent, ErrorCode.UnknownMemberId);
        }

        var joined = _members.Values.Where(member => member.ParkedJoin is not null).ToArray();
        if (_members.Count == 0)
        {
            BecomeEmpty();
        }
        else if (joined.Length == 0)
        {
            SetDeadline(RebalanceTimeoutMs);        // Only static members, all away: their sessions decide.
        }
        else
        {
            StartGeneration(joined);
        }
    }

    private void StartGeneration(Member[] joined)
    {
        if (!joined.Any(member => member.Id == _leaderId))
        {
            _leaderId = joined[0].Id;
        }

        _generation++;
        _protocol = ElectProtocol();
        Enter(GroupState.CompletingRebalance);
        _log.GenerationStarts(Id, _generation, _protocol, _members.Count);

        foreach (var member in joined)
        {
            member.IsNew = false;
            _awaitingSync.Add(member.Id);
        }
        foreach (var member in _members.Values)
        {
            Touch(member);
        }

        foreach (var member in joined)
        {
            AnswerJoin(member, CurrentGeneration(member));
        }

        SetDeadline(RebalanceTimeoutMs);
    }

    private void BecomeEmpty()
    {
        _generation++;
        _protocol = null;
        _leaderId = null;
        Enter(GroupState.Empty);
        _log.GroupIsEmpty(Id, _generation);
        // Should this fail, a restart brings the last members back, and their sessions end.
        try { Save(static _ => []); }
        catch (IOException failure) { _log.SaveFailed(Id, failure); }
    }

    /// <summary>Members that joined and never asked for their part: nobody reads what they were given.</summary>
    private void RemoveSilent()
    {
        foreach (var memberId in _awaitingSync.ToArray())
        {
            _log.MemberMissedRebalance(Id, memberId);
            if (_members.TryGetValue(memberId, out var member))
            {
                Remove(member, ErrorCode.UnknownMemberId);
            }
        }
        _awaitingSync.Clear();
        AfterRemoval("members did not ask for their assignment");
    }

    /// <summary>Each member votes for the first of its protocols that all support; most votes win, then the first voter's taste.</summary>
    private string? ElectProtocol()
    {
        var members = _members.Values;
        var votes = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var voter in members)
        {
            var choice = voter.Protocols.FirstOrDefault(protocol => members.All(member => member.Supports(protocol.Name))).Name;
            if (choice is not null)
            {
                votes[choice] = votes.GetValueOrDefault(choice) + 1;
            }
        }
        return votes.Count == 0 ? null : votes.MaxBy(vote => vote.Value).Key;
    }
}
