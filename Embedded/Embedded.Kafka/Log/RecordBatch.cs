using System.Buffers.Binary;

namespace Embedded.Kafka.Log;

/// <summary>The fixed part of a record batch, magic 2: the only format this broker stores, and exactly as it came over the wire.</summary>
/// <remarks>
/// Big-endian. The CRC covers everything from <c>attributes</c> on, so offset and epoch are stamped without computing it again.
/// <code>
///  0 base_offset:i64 (stamped)   21 attributes:i16         43 producer_id:i64
///  8 batch_length:i32            23 last_offset_delta:i32  51 producer_epoch:i16
/// 12 leader_epoch:i32 (stamped)  27 base_timestamp:i64     53 base_sequence:i32
/// 16 magic:i8  17 crc:u32        35 max_timestamp:i64      57 records_count:i32   61 records
/// </code>
/// Attributes: bits 0–2 codec, 3 log-append time, 4 transactional, 5 control.
/// </remarks>
internal readonly record struct RecordBatch(
    long BaseOffset, int BatchLength, int LeaderEpoch, byte Magic, uint Crc, short Attributes, int LastOffsetDelta,
    long BaseTimestamp, long MaxTimestamp, long ProducerId, short ProducerEpoch, int BaseSequence, int RecordCount)
{
    public const int HeaderBytes = 61;

    /// <summary>What <c>batch_length</c> does not count: base offset and itself.</summary>
    public const int PrefixBytes = 12;

    public const int ChecksummedFrom = 21;
    public const byte CurrentMagic = 2;
    private const int LogAppendTimeBit = 1 << 3;

    public long TotalBytes => (long)PrefixBytes + BatchLength;

    public long LastOffset => BaseOffset + LastOffsetDelta;

    public int Codec => Attributes & 7;

    public bool IsLogAppendTime => (Attributes & LogAppendTimeBit) != 0;

    public bool IsTransactional => (Attributes & (1 << 4)) != 0;

    public bool IsControl => (Attributes & (1 << 5)) != 0;

    public bool HasProducer => ProducerId >= 0;

    /// <summary>Sequences wrap from 2147483647 to 0.</summary>
    public int LastSequence => (int)(((long)BaseSequence + RecordCount - 1) & int.MaxValue);

    /// <summary>The timestamp the index counts by; a client may have set only one of the two.</summary>
    public long IndexedTimestamp => Math.Max(MaxTimestamp, BaseTimestamp);

    /// <param name="bytes">At least <see cref="HeaderBytes"/>.</param>
    public static RecordBatch Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadInt64BigEndian(bytes),
        BinaryPrimitives.ReadInt32BigEndian(bytes[8..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[12..]),
        bytes[16],
        BinaryPrimitives.ReadUInt32BigEndian(bytes[17..]),
        BinaryPrimitives.ReadInt16BigEndian(bytes[21..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[23..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[27..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[35..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[43..]),
        BinaryPrimitives.ReadInt16BigEndian(bytes[51..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[53..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[57..]));

    public static bool HasGoodCrc(ReadOnlySpan<byte> batch) =>
        Crc32C.Compute(batch[ChecksummedFrom..]) == BinaryPrimitives.ReadUInt32BigEndian(batch[17..]);

    /// <summary>What only the broker knows: where the batch stands, and in which epoch.</summary>
    public static void Stamp(Span<byte> batch, long baseOffset, int leaderEpoch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[12..], leaderEpoch);
    }

    /// <summary>For topics with message.timestamp.type=LogAppendTime: every record then counts as written now.</summary>
    public static void StampLogAppendTime(Span<byte> batch, long nowMs)
    {
        BinaryPrimitives.WriteInt16BigEndian(batch[21..], (short)(BinaryPrimitives.ReadInt16BigEndian(batch[21..]) | LogAppendTimeBit));
        BinaryPrimitives.WriteInt64BigEndian(batch[35..], nowMs);
        BinaryPrimitives.WriteUInt32BigEndian(batch[17..], Crc32C.Compute(batch[ChecksummedFrom..]));
    }
}
