using Embedded.Kafka.Apis;

namespace Embedded.Kafka;

/// <summary>What this broker speaks. ApiVersions answers from this table, so it cannot promise more.</summary>
/// <remarks>
/// The ranges are those of an Apache Kafka 2.8 broker and decide which features clients switch on. Two lower ends look odd:
/// Produce starts at 0, though 0–2 are refused with an error, because librdkafka up to 2.11 sends uncompressed batches to
/// brokers that start later; Fetch must hold 4 and 10 for the same client.
/// </remarks>
internal static class ApiTable
{
    public const short Never = short.MaxValue;

    public static readonly Api[] All =
    [   //   key  name                  min max flexible
        new( 0, "Produce",              0,  9,  9, Produce.HandleAsync),
        new( 1, "Fetch",                4, 12, 12, Fetch.HandleAsync),
        new( 2, "ListOffsets",          1,  7,  6, ListOffsets.HandleAsync),
        new( 3, "Metadata",             0, 11,  9, Metadata.HandleAsync),
        new( 8, "OffsetCommit",         2,  8,  8, OffsetCommit.HandleAsync),
        new( 9, "OffsetFetch",          1,  7,  6, OffsetFetch.HandleAsync),
        new(10, "FindCoordinator",      0,  3,  3, FindCoordinator.HandleAsync),
        new(11, "JoinGroup",            0,  9,  6, JoinGroup.HandleAsync),
        new(12, "Heartbeat",            0,  4,  4, Heartbeat.HandleAsync),
        new(13, "LeaveGroup",           0,  5,  4, LeaveGroup.HandleAsync),
        new(14, "SyncGroup",            0,  5,  4, SyncGroup.HandleAsync),
        new(18, "ApiVersions",          0,  4,  3, ApiVersions.HandleAsync),
        new(19, "CreateTopics",         0,  7,  5, CreateTopics.HandleAsync),
        new(22, "InitProducerId",       0,  4,  2, InitProducerId.HandleAsync),
        new(23, "OffsetForLeaderEpoch", 2,  4,  4, OffsetForLeaderEpoch.HandleAsync),
    ];

    private static readonly Api?[] ByKey = Index();

    public static Api? Find(short key) => (uint)key < (uint)ByKey.Length ? ByKey[key] : null;

    private static Api?[] Index()
    {
        var index = new Api?[All.Max(api => api.Key) + 1];
        foreach (var api in All)
        {
            index[api.Key] = api;
        }

        return index;
    }
}
