using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>OffsetForLeaderEpoch (key 23), v2–4. Where did this epoch end? Consumers ask to learn whether a log was cut under them.</summary>
/// <remarks>
/// v3 replica id · v4 flexible. An epoch newer than ours, or a log without data: −1 and −1, no error.
/// Errors: UNKNOWN_TOPIC_OR_PARTITION, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, KAFKA_STORAGE_ERROR.
/// Source: Apache Kafka message schemas, OffsetForLeaderEpochRequest and OffsetForLeaderEpochResponse; KIP-320.
/// </remarks>
internal static class OffsetForLeaderEpoch
{
    public static ValueTask HandleAsync(Call call)
    {
        var body = call.Body;
        var (reply, version) = (call.Reply, call.Version);
        if (version >= 3)
        {
            body.ReadInt32();                                  // replica_id
        }

        reply.WriteInt32(0);                                                 // throttle_time_ms
        var topics = body.ReadArrayLength();
        reply.WriteArrayLength(topics);
        for (; topics > 0; topics--)
        {
            var name = body.ReadStringBytes();
            var topic = call.Broker.Topics.Find(name);
            var partitions = body.ReadArrayLength(minElementBytes: 12);
            reply.WriteStringBytes(name);
            reply.WriteArrayLength(partitions);
            for (; partitions > 0; partitions--)
            {
                var index = body.ReadInt32();
                var currentEpoch = body.ReadInt32();
                var epoch = body.ReadInt32();
                body.SkipTags();
                var (error, foundEpoch, endOffset) = Find(topic?.Partition(index), currentEpoch, epoch);
                reply.WriteError(error);
                reply.WriteInt32(index);
                reply.WriteInt32(foundEpoch);
                reply.WriteInt64(endOffset);
                reply.WriteTags();
            }

            body.SkipTags();
            reply.WriteTags();
        }

        body.SkipTags();
        reply.WriteTags();
        return ValueTask.CompletedTask;
    }

    private static (ErrorCode Error, int Epoch, long EndOffset) Find(Log.PartitionLog? partition, int currentEpoch, int epoch)
    {
        if (partition is null || partition.IsDeleted)
        {
            return (ErrorCode.UnknownTopicOrPartition, -1, -1);
        }

        if (partition.IsOffline)
        {
            return (ErrorCode.KafkaStorageError, -1, -1);
        }

        var fence = LeaderEpoch.Check(partition, currentEpoch);
        if (fence != ErrorCode.None)
        {
            return (fence, -1, -1);
        }

        var (found, endOffset) = partition.EndOfEpoch(partition.Current, epoch);
        return (ErrorCode.None, found, endOffset);
    }
}
