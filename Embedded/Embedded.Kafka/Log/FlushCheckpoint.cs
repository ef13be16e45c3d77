using System.Buffers.Binary;

namespace Embedded.Kafka.Log;

/// <summary>
/// Up to which offset each partition was on disk at the flusher's last pass. Advisory and late by up to one pass: recovery reads what
/// lies above it, and calls it damage, not a torn tail, if something below it is broken.
/// </summary>
/// <remarks>
/// On disk, little-endian: <c>crc32c:u32 (of the rest)</c>, then <c>topic_id:16 partition:i32 flushed_offset:i64</c> each. Replaced as a whole.
/// </remarks>
internal static class FlushCheckpoint
{
    private const int EntryBytes = 28;

    public static void Save(string path, IReadOnlyCollection<(Guid Topic, int Partition, long Offset)> flushed)
    {
        var content = new byte[sizeof(uint) + (flushed.Count * EntryBytes)];
        var at = sizeof(uint);
        foreach (var (topic, partition, offset) in flushed)
        {
            topic.TryWriteBytes(content.AsSpan(at));
            BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(at + 16), partition);
            BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(at + 20), offset);
            at += EntryBytes;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(content, Crc32C.Compute(content.AsSpan(sizeof(uint))));
        Disk.ReplaceFile(path, content);
    }

    /// <returns>Nothing, if the file is missing or torn: then everything is read.</returns>
    public static Dictionary<(Guid Topic, int Partition), long> Load(string path)
    {
        var flushed = new Dictionary<(Guid, int), long>();
        var content = File.Exists(path) ? File.ReadAllBytes(path) : [];
        if (content.Length < sizeof(uint) || (content.Length - sizeof(uint)) % EntryBytes != 0
            || BinaryPrimitives.ReadUInt32LittleEndian(content) != Crc32C.Compute(content.AsSpan(sizeof(uint))))
        {
            return flushed;
        }

        for (var at = sizeof(uint); at < content.Length; at += EntryBytes)
        {
            var entry = content.AsSpan(at, EntryBytes);
            flushed[(new Guid(entry[..16]), BinaryPrimitives.ReadInt32LittleEndian(entry[16..]))] =
                BinaryPrimitives.ReadInt64LittleEndian(entry[20..]);
        }

        return flushed;
    }
}
