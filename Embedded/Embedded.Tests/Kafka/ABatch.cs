using System.Buffers.Binary;
using System.Text;
using Embedded.Kafka.Log;

namespace Embedded.Tests.Kafka;

/// <summary>A record batch as a client would send it: <c>ABatch.Of("a", "b").FromProducer(7).AtSequence(3).Bytes</c>.</summary>
internal sealed class ABatch
{
    public const long SomeTime = 1_700_000_000_000;

    private readonly List<(string? Key, byte[]? Value, long TimestampDelta)> _records = [];
    private short _attributes;
    private long _baseTimestamp = SomeTime;
    private long _producerId = -1;
    private short _producerEpoch = -1;
    private int _baseSequence = -1;
    private bool _compressed;

    public static ABatch Of(params string[] values)
    {
        var batch = new ABatch();
        foreach (var value in values)
        {
            batch.With("key", Encoding.UTF8.GetBytes(value));
        }

        return batch;
    }

    public static ABatch OfBytes(int valueBytes) => new ABatch().With("key", new byte[valueBytes]);

    public ABatch With(string? key, byte[]? value, long timestampDelta = 0)
    {
        _records.Add((key, value, timestampDelta));
        return this;
    }

    public ABatch FromProducer(long id, short epoch = 0)
    {
        (_producerId, _producerEpoch) = (id, epoch);
        if (_baseSequence < 0)
        {
            _baseSequence = 0;
        }

        return this;
    }

    public ABatch AtSequence(int sequence)
    {
        _baseSequence = sequence;
        return this;
    }

    public ABatch At(long timestamp)
    {
        _baseTimestamp = timestamp;
        return this;
    }

    /// <summary>Sets attribute bits; with a codec, the records are bytes that only a decompressor could judge.</summary>
    public ABatch WithAttributes(short attributes)
    {
        _attributes = attributes;
        _compressed = (attributes & 7) != 0;
        return this;
    }

    public byte[] Bytes
    {
        get
        {
            var records = _compressed
                ? Encoding.ASCII.GetBytes("not for the broker to open")
                : [.. _records.SelectMany((record, i) => Record(record, i))];
            var bytes = new byte[RecordBatch.HeaderBytes + records.Length];
            records.CopyTo(bytes, RecordBatch.HeaderBytes);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), bytes.Length - RecordBatch.PrefixBytes);
            bytes[16] = RecordBatch.CurrentMagic;
            BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(21), _attributes);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(23), _records.Count - 1);
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(27), _baseTimestamp);
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(35), _baseTimestamp + _records.Max(record => record.TimestampDelta));
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(43), _producerId);
            BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(51), _producerEpoch);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(53), _baseSequence);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(57), _records.Count);
            return Sealed(bytes);
        }
    }

    /// <summary>Puts the right CRC on bytes that a test has changed.</summary>
    public static byte[] Sealed(byte[] batch)
    {
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C.Compute(batch.AsSpan(RecordBatch.ChecksummedFrom)));
        return batch;
    }

    private static byte[] Record((string? Key, byte[]? Value, long TimestampDelta) record, int offsetDelta)
    {
        var key = record.Key is null ? null : Encoding.UTF8.GetBytes(record.Key);
        byte[] content = [0, .. VarInt(record.TimestampDelta), .. VarInt(offsetDelta), .. Nullable(key), .. Nullable(record.Value), .. VarInt(0)];
        return [.. VarInt(content.Length), .. content];
    }

    private static byte[] Nullable(byte[]? bytes) => bytes is null ? VarInt(-1) : [.. VarInt(bytes.Length), .. bytes];

    private static byte[] VarInt(long value)
    {
        var bytes = new List<byte>();
        var rest = (ulong)((value << 1) ^ (value >> 63));
        for (; rest >= 0x80; rest >>= 7)
        {
            bytes.Add((byte)(rest | 0x80));
        }

        bytes.Add((byte)rest);
        return [.. bytes];
    }
}
