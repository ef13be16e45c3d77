namespace Embedded.Kafka.Groups;

/// <summary>How far a group has read one partition.</summary>
/// <param name="LeaderEpoch">As the client gave it; −1 if it did not.</param>
/// <param name="Metadata">Any text of the client's; "" if it gave none.</param>
internal readonly record struct CommittedOffset(string Topic, int Partition, long Offset, int LeaderEpoch, string Metadata);

internal readonly record struct TopicPartition(string Topic, int Partition);

/// <summary>A committed offset as it is kept: with the moment it was committed, from which its retention may count.</summary>
internal readonly record struct StoredOffset(long Offset, int LeaderEpoch, string Metadata, DateTimeOffset CommittedAt);

/// <summary>What a group needs to be Stable again after a restart, without its members noticing.</summary>
internal sealed record GroupSnapshot
{
    public required string GroupId { get; init; }

    public required int Generation { get; init; }

    public required string ProtocolType { get; init; }

    public string Protocol { get; init; } = "";

    public string LeaderId { get; init; } = "";

    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>None in an empty group.</summary>
    public IReadOnlyList<MemberSnapshot> Members { get; init; } = [];
}

internal sealed record MemberSnapshot
{
    public required string Id { get; init; }

    public string? InstanceId { get; init; }

    public string ClientId { get; init; } = "";

    public string ClientHost { get; init; } = "";

    public int SessionTimeoutMs { get; init; }

    public int RebalanceTimeoutMs { get; init; }

    public IReadOnlyList<MemberProtocol> Protocols { get; init; } = [];

    public byte[] Assignment { get; init; } = [];
}

/// <summary>One fact about a group, as <see cref="GroupStore"/> writes it down.</summary>
internal abstract record GroupRecord(string GroupId);

internal sealed record OffsetsCommitted(string GroupId, DateTimeOffset CommittedAt, IReadOnlyList<CommittedOffset> Offsets) : GroupRecord(GroupId);

internal sealed record OffsetsRemoved(string GroupId, IReadOnlyList<TopicPartition> Partitions) : GroupRecord(GroupId);

internal sealed record GroupSaved(GroupSnapshot Snapshot) : GroupRecord(Snapshot.GroupId);

/// <summary>The group and all its offsets are gone.</summary>
internal sealed record GroupRemoved(string GroupId) : GroupRecord(GroupId);
