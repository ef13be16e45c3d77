using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Log;

/// <summary>Steps through the records of an uncompressed batch: far enough to know that consumers will manage too.</summary>
/// <remarks>
/// A record: <c>length varint, attributes i8, timestamp_delta varlong, offset_delta varint, key, value, header_count varint,
/// headers</c>, where key and value are a varint length (−1 null) and bytes.
/// </remarks>
internal ref struct RecordWalker(ReadOnlySpan<byte> batch)
{
    private WireReader _records = new(batch[RecordBatch.HeaderBytes..], flexible: false);

    public long TimestampDelta { get; private set; }

    public int OffsetDelta { get; private set; }

    public bool HasKey { get; private set; }

    public readonly bool AtEnd => _records.Remaining == 0;

    /// <exception cref="ProtocolException">A length leaves its record or the batch.</exception>
    public void Next()
    {
        var record = new WireReader(_records.Take(Length(_records.ReadVarInt())), flexible: false);
        record.ReadInt8();
        TimestampDelta = record.ReadVarLong();
        OffsetDelta = record.ReadVarInt();
        HasKey = SkipNullable(ref record);
        SkipNullable(ref record);
        for (var headers = Length(record.ReadVarInt()); headers > 0; headers--)
        {
            record.Take(Length(record.ReadVarInt()));
            SkipNullable(ref record);
        }

        if (record.Remaining > 0)
        {
            throw new ProtocolException("A record ends before its length.");
        }
    }

    private static bool SkipNullable(ref WireReader record)
    {
        var length = record.ReadVarInt();
        if (length == -1)
        {
            return false;
        }

        record.Take(Length(length));
        return true;
    }

    private static int Length(int length) => length >= 0 ? length : throw new ProtocolException($"A length of {length} in a record.");
}
