using Embedded.Kafka.Log;
using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>Produce (key 0), v0–9. Appends one record batch to each named partition and says where it went.</summary>
/// <remarks>
/// v3 transactional id · v5 log start offset · v7 zstd allowed · v8 record errors · v9 flexible. v0–2 carry older record formats: they
/// are advertised, because clients judge a broker by it, and refused. acks 1 and −1 are the same on one node; acks=0 gets no answer.
/// The batch is validated, stamped and written straight from the receive buffer; nothing of it is copied.
/// Errors: per partition, see <see cref="BatchValidation"/> and <see cref="PartitionLog.Append"/>.
/// Source: Apache Kafka message schemas, ProduceRequest and ProduceResponse.
/// </remarks>
internal static class Produce
{
    private const short FirstVersionWithBatches = 3;

    public static ValueTask HandleAsync(Call call)
    {
        var appended = AppendAll(call, call.Broker.Time.GetUtcNow().ToUnixTimeMilliseconds());
        return appended ? call.Broker.WhenDurableAsync() : ValueTask.CompletedTask;
    }

    /// <summary>Appends and answers in one pass over the request.</summary>
    /// <returns>True if anything was appended.</returns>
    private static bool AppendAll(Call call, long nowMs)
    {
        var body = call.Body;
        var (reply, version) = (call.Reply, call.Version);
        if (version >= FirstVersionWithBatches)
        {
            body.ReadNullableString();                  // transactional_id
        }

        var acks = body.ReadInt16();
        body.ReadInt32();                                                    // timeout_ms: appends do not wait
        var (appended, failed) = (false, false);

        var topics = body.ReadArrayLength();
        reply.WriteArrayLength(topics);
        for (; topics > 0; topics--)
        {
            var name = body.ReadStringBytes();
            var topic = call.Broker.Topics.Find(name);
            reply.WriteStringBytes(name);
            var partitions = body.ReadArrayLength(minElementBytes: 5);
            reply.WriteArrayLength(partitions);
            for (; partitions > 0; partitions--)
            {
                var index = body.ReadInt32();
                body.TryReadBytes(out var records);
                var writable = call.BodyMemory.Slice(body.Position - records.Length, records.Length).Span;
                body.SkipTags();
                List<int>? keyless = null;
                var result = acks is < -1 or > 1 ? AppendResult.Failed(ErrorCode.InvalidRequiredAcks)
                    : version < FirstVersionWithBatches ? AppendResult.Failed(ErrorCode.UnsupportedVersion)
                    : Append(topic?.Partition(index), writable, version, nowMs, out keyless);
                if (result.Error == ErrorCode.None)
                {
                    appended = true;
                }
                else
                {
                    failed = true;
                }

                WritePartition(reply, version, index, result, keyless);
            }

            body.SkipTags();
            reply.WriteTags();
        }

        body.SkipTags();
        if (version >= 1)
        {
            reply.WriteInt32(0);                               // throttle_time_ms
        }

        reply.WriteTags();
        call.NoReply = acks == 0;
        call.CloseConnection = acks == 0 && failed;                          // the only way to tell a client that wants no answers
        return appended;
    }

    private static AppendResult Append(PartitionLog? partition, Span<byte> records, short version, long nowMs, out List<int>? keyless)
    {
        keyless = null;
        if (partition is null)
        {
            return AppendResult.Failed(ErrorCode.UnknownTopicOrPartition);
        }

        var error = BatchValidation.Check(records, partition.Config, version, nowMs, out var batch, out keyless);
        if (error != ErrorCode.None)
        {
            return AppendResult.Failed(error);
        }

        var result = partition.Append(records, batch, nowMs);
        if (result.Error == ErrorCode.None)
        {
            BrokerMetrics.Appended(batch.RecordCount);
        }

        return result;
    }

    private static void WritePartition(WireWriter reply, short version, int index, AppendResult result, List<int>? keyless)
    {
        reply.WriteInt32(index);
        reply.WriteError(result.Error);
        reply.WriteInt64(result.BaseOffset);
        if (version >= 2)
        {
            reply.WriteInt64(result.AppendTimeMs);
        }

        if (version >= 5)
        {
            reply.WriteInt64(result.LogStartOffset);
        }

        if (version >= 8)
        {
            reply.WriteArrayLength(keyless?.Count ?? 0);
            foreach (var batchIndex in keyless ?? [])
            {
                reply.WriteInt32(batchIndex);
                reply.WriteNullableString("A record of a compacted topic needs a key.");
                reply.WriteTags();
            }

            reply.WriteNullableString(null);                                 // error_message
        }

        reply.WriteTags();
    }
}
