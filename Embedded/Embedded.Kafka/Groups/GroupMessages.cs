using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Groups;

/// <summary>An assignor that a member can work with, and what the member tells it (its subscription; opaque to the broker).</summary>
internal readonly record struct MemberProtocol(string Name, byte[] Metadata);

/// <summary>A member asks to be in the next generation.</summary>
internal sealed record JoinRequest
{
    public required string GroupId { get; init; }

    /// <summary>"" for a member without an id.</summary>
    public required string MemberId { get; init; }

    /// <summary>Set for a static member, which keeps its place across restarts (KIP-345).</summary>
    public string? InstanceId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    public required int SessionTimeoutMs { get; init; }

    public required int RebalanceTimeoutMs { get; init; }

    public required string ProtocolType { get; init; }

    /// <summary>In order of preference.</summary>
    public required IReadOnlyList<MemberProtocol> Protocols { get; init; }

    /// <summary>The client can take an id and ask again (KIP-394), so one that vanishes in between leaves no member behind.</summary>
    public bool CanAskAgain { get; init; }

    /// <summary>The client understands "you lead, and there is nothing to assign".</summary>
    public bool CanSkipAssignment { get; init; }
}

/// <summary>A member of the new generation, as its leader sees it.</summary>
internal readonly record struct JoinedMember(string MemberId, string? InstanceId, byte[] Metadata);

internal sealed record JoinAnswer
{
    public ErrorCode Error { get; init; }

    public int Generation { get; init; } = -1;

    public string? ProtocolType { get; init; }

    /// <summary>Null with an error.</summary>
    public string? Protocol { get; init; }

    public string LeaderId { get; init; } = "";

    public bool SkipAssignment { get; init; }

    public required string MemberId { get; init; }

    /// <summary>Everyone, for the leader; nobody, for the rest.</summary>
    public IReadOnlyList<JoinedMember> Members { get; init; } = [];
}

/// <summary>What a member shows with every request after joining.</summary>
internal readonly record struct MemberKey(string MemberId, string? InstanceId, int Generation);

internal sealed record SyncRequest
{
    public required string GroupId { get; init; }

    public required MemberKey Member { get; init; }

    /// <summary>Null where the client's version does not say.</summary>
    public string? ProtocolType { get; init; }

    /// <summary>Null where the client's version does not say.</summary>
    public string? Protocol { get; init; }

    /// <summary>From the leader: who gets what, opaque to the broker. Empty from the rest.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> Assignments { get; init; } = [];
}

internal sealed record SyncAnswer(ErrorCode Error, string? ProtocolType, string? Protocol, byte[] Assignment)
{
    public static SyncAnswer Refused(ErrorCode error) => new(error, null, null, []);
}

/// <summary>A member that leaves: by id, or by instance id alone when an operator removes a static member.</summary>
internal readonly record struct LeavingMember(string MemberId, string? InstanceId);
