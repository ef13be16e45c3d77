using Embedded.Kafka.Log;
using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>ListOffsets (key 2), v1–7. Where does a partition begin, end, or pass a point in time?</summary>
/// <remarks>
/// v2 throttle time, isolation level · v4 leader epoch · v6 flexible · v7 the largest timestamp (−3). Uncompressed batches are
/// searched to the record; of a compressed one the batch is answered, so a consumer may see a few earlier records of it.
/// Errors: UNKNOWN_TOPIC_OR_PARTITION, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, INVALID_REQUEST (a partition twice),
/// UNSUPPORTED_VERSION (another negative timestamp), KAFKA_STORAGE_ERROR.
/// Source: Apache Kafka message schemas, ListOffsetsRequest and ListOffsetsResponse.
/// </remarks>
internal static class ListOffsets
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaxTimestamp = -3;

    private readonly record struct Answer(ErrorCode Error, long Timestamp = -1, long Offset = -1, int LeaderEpoch = -1);

    public static ValueTask HandleAsync(Call call)
    {
        var body = call.Body;
        var (reply, version) = (call.Reply, call.Version);
        var seen = new HashSet<(string, int)>();
        body.ReadInt32();                                                    // replica_id
        if (version >= 2)
        {
            body.ReadInt8();                                   // isolation_level: without transactions both ends are one
        }

        if (version >= 2)
        {
            reply.WriteInt32(0);                               // throttle_time_ms
        }

        var topics = body.ReadArrayLength();
        reply.WriteArrayLength(topics);
        for (; topics > 0; topics--)
        {
            var name = body.ReadString();
            var topic = call.Broker.Topics.Find(name);
            var partitions = body.ReadArrayLength(minElementBytes: 12);
            reply.WriteString(name);
            reply.WriteArrayLength(partitions);
            for (; partitions > 0; partitions--)
            {
                var index = body.ReadInt32();
                var currentEpoch = version >= 4 ? body.ReadInt32() : -1;
                var timestamp = body.ReadInt64();
                body.SkipTags();
                var answer = seen.Add((name, index))
                    ? Find(topic?.Partition(index), currentEpoch, timestamp, version)
                    : new(ErrorCode.InvalidRequest);
                reply.WriteInt32(index);
                reply.WriteError(answer.Error);
                reply.WriteInt64(answer.Timestamp);
                reply.WriteInt64(answer.Offset);
                if (version >= 4)
                {
                    reply.WriteInt32(answer.LeaderEpoch);
                }

                reply.WriteTags();
            }

            body.SkipTags();
            reply.WriteTags();
        }

        body.SkipTags();
        reply.WriteTags();
        return ValueTask.CompletedTask;
    }

    private static Answer Find(PartitionLog? partition, int currentEpoch, long timestamp, short version)
    {
        if (partition is null || partition.IsDeleted)
        {
            return new(ErrorCode.UnknownTopicOrPartition);
        }

        if (partition.IsOffline)
        {
            return new(ErrorCode.KafkaStorageError);
        }

        if (LeaderEpoch.Check(partition, currentEpoch) is var fence && fence != ErrorCode.None)
        {
            return new(fence);
        }

        try
        {
            var view = partition.Current;
            var (offset, at) = timestamp switch
            {
                Latest => (view.HighWatermark, -1L),
                Earliest => (view.StartOffset, -1L),
                MaxTimestamp when version >= 7 => PartitionLog.FindMaxTimestamp(view),
                >= 0 => partition.FindTimestamp(view, timestamp),
                _ => (long.MinValue, -1L),
            };
            return offset == long.MinValue ? new(ErrorCode.UnsupportedVersion) : new(ErrorCode.None, at, offset, PartitionLog.EpochAt(view, offset));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidDataException)
        {
            return new(ErrorCode.KafkaStorageError);                         // retried by the client
        }
    }
}
