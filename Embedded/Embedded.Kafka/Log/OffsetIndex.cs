using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Embedded.Kafka.Log;

/// <summary>
/// A sparse map of one segment: which batch begins where, and the largest timestamp up to there. It is only ever a short cut;
/// the segment alone holds the truth, and an index that is missing or does not fit is made again from it.
/// </summary>
/// <remarks>
/// In memory while its segment is used. On disk, written when the segment is closed, little-endian:
/// <c>crc32c:u32 (of the rest) format:u32 segment_bytes:i64 next_offset:i64 max_timestamp:i64</c>, then per entry
/// <c>relative_offset:u32 position:u32 max_timestamp:i64</c>. A crash leaves a file whose CRC or segment size does not match.
/// </remarks>
internal sealed class OffsetIndex
{
    /// <summary>Log bytes between two entries: a lookup then reads some twenty headers of 3 KB batches at most.</summary>
    public const int IntervalBytes = 64 << 10;

    private const uint Format = 1;
    private const int HeaderBytes = 32;
    private const int EntryBytes = 16;

    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];

    private readonly record struct Entry(uint RelativeOffset, uint Position, long MaxTimestamp);

    /// <summary>Notes a batch if the last entry is far enough behind.</summary>
    public void Add(long relativeOffset, long position, long maxTimestamp)
    {
        lock (_lock)
        {
            if (_entries.Count > 0 && position - _entries[^1].Position < IntervalBytes)
            {
                return;
            }

            _entries.Add(new Entry((uint)relativeOffset, (uint)position, maxTimestamp));
        }
    }

    /// <summary>Position of the last indexed batch that begins at or before an offset; 0 without one.</summary>
    public long FloorOfOffset(long relativeOffset) => Floor(entry => entry.RelativeOffset <= relativeOffset);

    /// <summary>Position of the last indexed batch before which no timestamp reaches <paramref name="timestamp"/>.</summary>
    public long FloorOfTimestamp(long timestamp) => Floor(entry => entry.MaxTimestamp < timestamp);

    public void Save(string path, long segmentBytes, long nextOffset, long maxTimestamp)
    {
        lock (_lock)
        {
            var content = new byte[HeaderBytes + (_entries.Count * EntryBytes)];
            BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(4), Format);
            BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(8), segmentBytes);
            BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(16), nextOffset);
            BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(24), maxTimestamp);
            for (var i = 0; i < _entries.Count; i++)
            {
                var entry = content.AsSpan(HeaderBytes + (i * EntryBytes));
                BinaryPrimitives.WriteUInt32LittleEndian(entry, _entries[i].RelativeOffset);
                BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], _entries[i].Position);
                BinaryPrimitives.WriteInt64LittleEndian(entry[8..], _entries[i].MaxTimestamp);
            }

            BinaryPrimitives.WriteUInt32LittleEndian(content, Crc32C.Compute(content.AsSpan(4)));
            File.WriteAllBytes(path, content);
        }
    }

    /// <returns>Null: missing, torn, or not of a segment of this size.</returns>
    public static OffsetIndex? TryLoad(string path, long segmentBytes, out long nextOffset, out long maxTimestamp)
    {
        (nextOffset, maxTimestamp) = (-1, -1);
        if (!File.Exists(path))
        {
            return null;
        }

        var content = File.ReadAllBytes(path);
        if (content.Length < HeaderBytes || (content.Length - HeaderBytes) % EntryBytes != 0
            || BinaryPrimitives.ReadUInt32LittleEndian(content) != Crc32C.Compute(content.AsSpan(4))
            || BinaryPrimitives.ReadUInt32LittleEndian(content.AsSpan(4)) != Format
            || BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(8)) != segmentBytes)
        {
            return null;
        }

        nextOffset = BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(16));
        maxTimestamp = BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(24));
        var index = new OffsetIndex();
        for (var at = HeaderBytes; at < content.Length; at += EntryBytes)
        {
            var entry = content.AsSpan(at, EntryBytes);
            index._entries.Add(new Entry(
                BinaryPrimitives.ReadUInt32LittleEndian(entry),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
                BinaryPrimitives.ReadInt64LittleEndian(entry[8..])));
        }

        return index;
    }

    /// <param name="isBefore">True for a prefix of the entries.</param>
    private long Floor(Func<Entry, bool> isBefore)
    {
        lock (_lock)
        {
            var entries = CollectionsMarshal.AsSpan(_entries);
            var (low, high) = (0, entries.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (isBefore(entries[middle]))
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            return low == 0 ? 0 : entries[low - 1].Position;
        }
    }
}
