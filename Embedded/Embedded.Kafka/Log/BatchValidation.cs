using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Log;

/// <summary>What a produced batch must be before it is appended, cheapest check first.</summary>
/// <remarks>Compressed records are opaque: no client's data is ever decompressed here. Uncompressed ones are walked, because one
/// broken record would wedge every consumer of the partition for ever.</remarks>
internal static class BatchValidation
{
    private const int HighestCodec = 4;
    private const int Zstd = 4;

    /// <param name="records">What the request carries for one partition: exactly one batch.</param>
    /// <param name="produceVersion">Clients before v7 do not know zstd.</param>
    /// <param name="keyless">On a compacted topic, the indexes of records without a key; null otherwise.</param>
    public static ErrorCode Check(
        ReadOnlySpan<byte> records, TopicConfig config, short produceVersion, long nowMs, out RecordBatch batch, out List<int>? keyless)
    {
        keyless = null;
        batch = default;
        if (records.Length < RecordBatch.HeaderBytes)
        {
            return ErrorCode.InvalidRecord;
        }

        batch = RecordBatch.Read(records);
        if (batch.TotalBytes != records.Length || batch.Magic != RecordBatch.CurrentMagic)
        {
            return ErrorCode.InvalidRecord;
        }

        if (records.Length > config.MaxMessageBytes)
        {
            return ErrorCode.MessageTooLarge;
        }

        if (records.Length > config.SegmentBytes)
        {
            return ErrorCode.RecordListTooLarge;
        }

        if (!RecordBatch.HasGoodCrc(records))
        {
            return ErrorCode.CorruptMessage;
        }

        if (batch.RecordCount < 1 || batch.LastOffsetDelta != batch.RecordCount - 1)
        {
            return ErrorCode.InvalidRecord;
        }

        if (batch.Codec > HighestCodec || (batch.Codec == Zstd && produceVersion < 7))
        {
            return ErrorCode.UnsupportedCompressionType;
        }

        if (batch.IsControl)
        {
            return ErrorCode.InvalidRecord;
        }

        if (batch.HasProducer ? batch.BaseSequence < 0 || batch.ProducerEpoch < 0 : batch.IsTransactional)
        {
            return ErrorCode.InvalidRecord;
        }

        if (batch.IsTransactional)
        {
            return ErrorCode.InvalidTransactionState;                 // no transaction is ever open: there are none
        }

        if (batch.Codec == 0 && !RecordsAreSound(records, batch, config.IsCompacted, ref keyless))
        {
            return ErrorCode.InvalidRecord;
        }

        return TimestampsAreNear(batch, config, nowMs) ? ErrorCode.None : ErrorCode.InvalidTimestamp;
    }

    private static bool RecordsAreSound(ReadOnlySpan<byte> records, in RecordBatch batch, bool needKeys, ref List<int>? keyless)
    {
        try
        {
            var walker = new RecordWalker(records);
            for (var i = 0; i < batch.RecordCount; i++)
            {
                walker.Next();
                if (walker.OffsetDelta != i)
                {
                    return false;
                }

                if (needKeys && !walker.HasKey)
                {
                    (keyless ??= []).Add(i);
                }
            }

            return walker.AtEnd && keyless is null;
        }
        catch (ProtocolException)
        {
            return false;
        }
    }

    private static bool TimestampsAreNear(in RecordBatch batch, TopicConfig config, long nowMs) =>
        config.IsLogAppendTime
        || ((config.TimestampBeforeMaxMs == long.MaxValue || nowMs - Math.Min(batch.BaseTimestamp, batch.MaxTimestamp) <= config.TimestampBeforeMaxMs)
            && (config.TimestampAfterMaxMs == long.MaxValue || batch.IndexedTimestamp - nowMs <= config.TimestampAfterMaxMs));
}
