using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Groups;

/// <summary>Third step of a rebalance: the leader hands out the parts. And what follows it: heartbeats, and leaving.</summary>
internal sealed partial class Group
{
    /// <returns>Completes when the leader has spoken, or at once in a stable group.</returns>
    public Task<SyncAnswer> SyncAsync(SyncRequest request)
    {
        lock (_lock)
        {
            return Sync(request);
        }
    }

    public ErrorCode Heartbeat(MemberKey key)
    {
        lock (_lock)
        {
            if (_state == GroupState.Dead)
            {
                return ErrorCode.CoordinatorNotAvailable;
            }

            var error = Check(key, out var member);
            if (error != ErrorCode.None)
            {
                return error;
            }

            Touch(member);
            return _state == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
        }
    }

    /// <summary>Takes members out; the rest rebalance. One error for each that leaves.</summary>
    public ErrorCode[] Leave(IReadOnlyList<LeavingMember> leaving)
    {
        lock (_lock)
        {
            var errors = new ErrorCode[leaving.Count];
            for (var i = 0; i < errors.Length; i++)
            {
                errors[i] = Leave(leaving[i]);
            }

            if (errors.Contains(ErrorCode.None))
            {
                AfterRemoval("a member left");
            }

            return errors;
        }
    }

    private ErrorCode Leave(LeavingMember leaving)
    {
        if (_state == GroupState.Dead)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        if (leaving.InstanceId is null && _pendingIds.Remove(leaving.MemberId))
        {
            return ErrorCode.None;
        }

        var isByInstance = leaving is { MemberId.Length: 0, InstanceId: not null };
        var error = Find(leaving.MemberId, leaving.InstanceId, out var member);
        if (isByInstance && member is not null)
        {
            error = ErrorCode.None;
        }

        if (error != ErrorCode.None)
        {
            return error;
        }

        _log.MemberLeaves(Id, member!.Id);
        Remove(member, ErrorCode.UnknownMemberId);
        return ErrorCode.None;
    }

    private Task<SyncAnswer> Sync(SyncRequest request)
    {
        if (_state == GroupState.Dead)
        {
            return RefusedSyncAsync(ErrorCode.CoordinatorNotAvailable);
        }

        var error = Check(request.Member, out var member);
        if (error != ErrorCode.None)
        {
            return RefusedSyncAsync(error);
        }

        var isOtherProtocol = (request.ProtocolType is not null && request.ProtocolType != _protocolType)
            || (request.Protocol is not null && request.Protocol != _protocol);
        if (isOtherProtocol)
        {
            return RefusedSyncAsync(ErrorCode.InconsistentGroupProtocol);
        }

        Touch(member);
        if (_state == GroupState.PreparingRebalance)
        {
            return RefusedSyncAsync(ErrorCode.RebalanceInProgress);
        }

        _awaitingSync.Remove(member.Id);
        if (_state == GroupState.Stable)
        {
            return Task.FromResult(Part(member));
        }

        AnswerSync(member, SyncAnswer.Refused(ErrorCode.RebalanceInProgress));       // One sync a member: this one replaces it.
        var parked = new TaskCompletionSource<SyncAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        member.ParkedSync = parked;
        if (member.Id == _leaderId)
        {
            HandOut(request.Assignments);
        }

        return parked.Task;
    }

    private void HandOut(IReadOnlyList<KeyValuePair<string, byte[]>> assignments)
    {
        var parts = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (memberId, part) in assignments)
        {
            parts[memberId] = part;
        }

        // On disk before anybody acts on it: after a kill, this generation's heartbeats and commits must be understood.
        try
        {
            Save(member => parts.GetValueOrDefault(member.Id, []));
        }
        catch (IOException failure)
        {
            _log.SaveFailed(Id, failure);
            foreach (var member in _members.Values)
            {
                AnswerSync(member, SyncAnswer.Refused(ErrorCode.CoordinatorNotAvailable));
            }

            return;
        }

        Enter(GroupState.Stable);
        foreach (var member in _members.Values)
        {
            member.Assignment = parts.GetValueOrDefault(member.Id, []);
            if (member.ParkedSync is null)
            {
                continue;
            }

            Touch(member);
            AnswerSync(member, Part(member));
        }
    }

    private SyncAnswer Part(Member member) => new(ErrorCode.None, _protocolType, _protocol, member.Assignment);

    private static void AnswerSync(Member member, SyncAnswer answer)
    {
        member.ParkedSync?.TrySetResult(answer);
        member.ParkedSync = null;
    }

    private static Task<SyncAnswer> RefusedSyncAsync(ErrorCode error) => Task.FromResult(SyncAnswer.Refused(error));
}
