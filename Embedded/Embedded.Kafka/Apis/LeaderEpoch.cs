using Embedded.Kafka.Log;
using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>What Fetch, ListOffsets and OffsetForLeaderEpoch do with the epoch a client believes to be current (KIP-320).</summary>
internal static class LeaderEpoch
{
    /// <param name="current">The client's; negative: it does not check.</param>
    public static ErrorCode Check(PartitionLog partition, int current) =>
        current < 0 || current == partition.LeaderEpoch ? ErrorCode.None
        : current < partition.LeaderEpoch ? ErrorCode.FencedLeaderEpoch
        : ErrorCode.UnknownLeaderEpoch;
}
