using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Groups;

/// <summary>First step of a rebalance: who wants to be in the next generation.</summary>
internal sealed partial class Group
{
    /// <summary>How long a new member's join may wait for the others; it cannot send heartbeats before it is answered.</summary>
    private const int NewMemberPatienceMs = 300_000;

    /// <returns>Completes when the rebalance does, or at once where no rebalance is needed.</returns>
    public Task<JoinAnswer> JoinAsync(JoinRequest request)
    {
        lock (_lock)
        {
            return Join(request);
        }
    }

    private Task<JoinAnswer> Join(JoinRequest request)
    {
        if (_state == GroupState.Dead)
        {
            return RefusedAsync(ErrorCode.CoordinatorNotAvailable, request.MemberId);
        }

        if (!CanWorkTogether(request))
        {
            return RefusedAsync(ErrorCode.InconsistentGroupProtocol, request.MemberId);
        }

        if (request.MemberId.Length == 0)
        {
            if (request.InstanceId is null)
            {
                return JoinWithoutId(request);
            }

            if (_instances.TryGetValue(request.InstanceId, out var holder))
            {
                return ReplaceStatic(holder, request);
            }

            return HasRoom() ? Admit(NewMemberId(request.InstanceId), request) : RefusedAsync(ErrorCode.GroupMaxSizeReached, "");
        }

        if (_pendingIds.Remove(request.MemberId))
        {
            return Admit(request.MemberId, request);
        }

        var error = Find(request.MemberId, request.InstanceId, out var member);
        return error == ErrorCode.None ? Rejoin(member, request) : RefusedAsync(error, request.MemberId);
    }

    /// <summary>A member that asks for the first time gets an id and must come back with it, so that one whose
    /// connection breaks in between leaves nothing for the others to wait for (KIP-394).</summary>
    private Task<JoinAnswer> JoinWithoutId(JoinRequest request)
    {
        if (!HasRoom())
        {
            return RefusedAsync(ErrorCode.GroupMaxSizeReached, "");
        }

        var memberId = NewMemberId(request.ClientId);
        if (!request.CanAskAgain)
        {
            return Admit(memberId, request);
        }

        _pendingIds.Add(memberId);
        _timers.At(_timers.NowMs + request.SessionTimeoutMs, () => ForgetPending(memberId));
        return RefusedAsync(ErrorCode.MemberIdRequired, memberId);
    }

    private Task<JoinAnswer> Admit(string memberId, JoinRequest request)
    {
        var member = new Member(memberId, request.InstanceId);
        Update(member, request);
        if (_members.Count == 0)
        {
            _protocolType = request.ProtocolType;
        }

        Add(member);
        _log.MemberJoins(Id, member.Id);
        return ParkAndRebalance(member, "a member joined");
    }

    /// <summary>A static member is back after a restart: it takes its old place, and whoever still holds it is fenced (KIP-345).</summary>
    private Task<JoinAnswer> ReplaceStatic(Member member, JoinRequest request)
    {
        var (oldId, oldLeaderId, newId) = (member.Id, _leaderId, NewMemberId(request.InstanceId!));
        AnswerJoin(member, Refused(ErrorCode.FencedInstanceId, oldId));
        AnswerSync(member, SyncAnswer.Refused(ErrorCode.FencedInstanceId));

        var place = _members.IndexOf(oldId);
        _members.RemoveAt(place);
        _members.Insert(place, newId, member);
        member.Id = newId;
        if (_awaitingSync.Remove(oldId))
        {
            _awaitingSync.Add(newId);
        }

        if (_leaderId == oldId)
        {
            _leaderId = newId;
        }

        Update(member, request);
        Touch(member);

        if (_state == GroupState.Stable && ElectProtocol() == _protocol)
        {
            try { Save(each => each.Assignment); }
            catch (IOException failure)
            {
                _log.SaveFailed(Id, failure);
                return RefusedAsync(ErrorCode.CoordinatorNotAvailable, newId);
            }
            var leads = _leaderId == newId;
            // A client that cannot skip the assignment is told that somebody else leads; it then asks for its old part and gets it.
            return Task.FromResult(request.CanSkipAssignment
                ? CurrentGeneration(member) with { SkipAssignment = leads }
                : CurrentGeneration(member) with { LeaderId = oldLeaderId ?? "", Members = [] });
        }
        return ParkAndRebalance(member, "a static member came back");
    }

    /// <summary>A member that is in the group already. Why it asks again decides whether the others must, too.</summary>
    private Task<JoinAnswer> Rejoin(Member member, JoinRequest request)
    {
        var isUnchanged = member.HasSameProtocols(request.Protocols);
        var mayAnswerAtOnce = _state switch
        {
            GroupState.CompletingRebalance => isUnchanged,                   // It lost our answer.
            GroupState.Stable => isUnchanged && member.Id != _leaderId,      // A leader asks when topics changed.
            _ => false,
        };
        Update(member, request);
        Touch(member);
        return mayAnswerAtOnce ? Task.FromResult(CurrentGeneration(member)) : ParkAndRebalance(member, "a member asked for it");
    }

    private Task<JoinAnswer> ParkAndRebalance(Member member, string reason)
    {
        AnswerJoin(member, Refused(ErrorCode.RebalanceInProgress, member.Id));       // One join a member: this one replaces it.
        var parked = new TaskCompletionSource<JoinAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        member.ParkedJoin = parked;
        if (_state != GroupState.PreparingRebalance)
        {
            PrepareRebalance(reason);
        }
        else if (member.IsNew)
        {
            ProlongInitialDelay();
        }

        CompleteIfAllJoined();
        return parked.Task;
    }

    private void ForgetPending(string memberId)
    {
        lock (_lock)
        {
            if (_pendingIds.Remove(memberId) && _state == GroupState.PreparingRebalance)
            {
                CompleteIfAllJoined();
            }
        }
    }

    /// <summary>Every generation needs one assignor that all its members know.</summary>
    private bool CanWorkTogether(JoinRequest request)
    {
        if (request.ProtocolType.Length == 0 || request.Protocols.Count == 0)
        {
            return false;
        }

        if (_members.Count == 0)
        {
            return true;
        }

        var others = _members.Values.Where(member =>
            member.Id != request.MemberId && (request.InstanceId is null || member.InstanceId != request.InstanceId)).ToArray();
        return request.ProtocolType == _protocolType
            && request.Protocols.Any(protocol => others.All(member => member.Supports(protocol.Name)));
    }

    private bool HasRoom() => _members.Count + _pendingIds.Count < _options.GroupMaxSize;

    private static string NewMemberId(string prefix) => $"{prefix}-{Guid.NewGuid()}";

    private static void Update(Member member, JoinRequest request)
    {
        member.ClientId = request.ClientId;
        member.ClientHost = request.ClientHost;
        member.SessionTimeoutMs = request.SessionTimeoutMs;
        member.RebalanceTimeoutMs = request.RebalanceTimeoutMs;
        member.Protocols = request.Protocols;
    }

    private JoinAnswer CurrentGeneration(Member member) => new()
    {
        Generation = _generation,
        ProtocolType = _protocolType,
        Protocol = _protocol,
        LeaderId = _leaderId ?? "",
        MemberId = member.Id,
        Members = member.Id != _leaderId
            ? []
            : [.. _members.Values.Select(each => new JoinedMember(each.Id, each.InstanceId, each.MetadataFor(_protocol)))],
    };

    private static void AnswerJoin(Member member, JoinAnswer answer)
    {
        member.ParkedJoin?.TrySetResult(answer);
        member.ParkedJoin = null;
    }

    private static JoinAnswer Refused(ErrorCode error, string memberId) => new() { Error = error, MemberId = memberId };

    private static Task<JoinAnswer> RefusedAsync(ErrorCode error, string memberId) => Task.FromResult(Refused(error, memberId));
}
