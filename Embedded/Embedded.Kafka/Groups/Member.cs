namespace Embedded.Kafka.Groups;

/// <summary>One consumer in a group. Guarded by its group's lock.</summary>
internal sealed class Member(string id, string? instanceId)
{
    /// <summary>Changes when a static member comes back.</summary>
    public string Id { get; set; } = id;

    public string? InstanceId { get; } = instanceId;

    public string ClientId { get; set; } = "";

    public string ClientHost { get; set; } = "";

    public int SessionTimeoutMs { get; set; }

    public int RebalanceTimeoutMs { get; set; }

    public IReadOnlyList<MemberProtocol> Protocols { get; set; } = [];

    public byte[] Assignment { get; set; } = [];

    /// <summary>Has not been in a generation yet, so it cannot send heartbeats.</summary>
    public bool IsNew { get; set; } = true;

    /// <summary>Its JoinGroup, waiting for the rebalance to complete.</summary>
    public TaskCompletionSource<JoinAnswer>? ParkedJoin { get; set; }

    /// <summary>Its SyncGroup, waiting for the leader's.</summary>
    public TaskCompletionSource<SyncAnswer>? ParkedSync { get; set; }

    /// <summary>When the session ends unless the member is heard of; on the clock of the <see cref="TimerQueue"/>.</summary>
    public long ExpiresAtMs { get; set; }

    /// <summary>When the timer looks next. A heartbeat only moves <see cref="ExpiresAtMs"/>; the timer finds that out when it fires.</summary>
    public long TimerAtMs { get; set; }

    public byte[] MetadataFor(string? protocol)
    {
        foreach (var candidate in Protocols)
        {
            if (candidate.Name == protocol)
            {
                return candidate.Metadata;
            }
        }
        return [];
    }

    public bool Supports(string protocol) => Protocols.Any(candidate => candidate.Name == protocol);

    public bool HasSameProtocols(IReadOnlyList<MemberProtocol> others) =>
        Protocols.Count == others.Count
        && Protocols.Zip(others).All(pair => pair.First.Name == pair.Second.Name && pair.First.Metadata.AsSpan().SequenceEqual(pair.Second.Metadata));
}
