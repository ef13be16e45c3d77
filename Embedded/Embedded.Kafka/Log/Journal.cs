using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Embedded.Kafka.Log;

/// <summary>One entry of a <see cref="Journal"/>. The payload borrows the journal's buffer while it replays.</summary>
internal readonly record struct JournalEntry(byte Type, byte Version, ReadOnlyMemory<byte> Payload);

/// <summary>
/// An append-only file of small facts, replayed at start: the catalogue of topics, the groups' offsets.
/// </summary>
/// <remarks>
/// On disk, integers little-endian: <c>length:u32 crc32c:u32 type:u8 version:u8 payload</c>, where length and CRC cover
/// type, version and payload. An entry is written by one call and is durable against a kill of this process when
/// <see cref="Append"/> returns; against power loss after the next <see cref="Flush"/>.
/// A crash in the middle of a write leaves a torn last frame: opening stops at the first bad frame and cuts the file there.
/// <see cref="Rewrite"/> writes a new file and renames it over the old one, so a crash leaves one or the other, whole.
/// Safe to call from several threads.
/// </remarks>
internal sealed class Journal : IDisposable
{
    private const int HeaderBytes = 8;
    private const int MaxEntryBytes = 64 << 20;

    /// <summary>A rewrite pays off when the file is this many times what is live.</summary>
    private const int RewriteFactor = 4;

    private const long RewriteFloorBytes = 1 << 20;

    private readonly Lock _lock = new();
    private readonly string _path;
    private SafeFileHandle _handle;
    private bool _dirty;

    private Journal(string path, SafeFileHandle handle, long length)
    {
        _path = path;
        _handle = handle;
        Length = length;
        LiveBytes = length;
    }

    /// <summary>Bytes in the file.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes after the last rewrite (or at opening): what the file would shrink to, roughly.</summary>
    public long LiveBytes { get; private set; }

    /// <summary>Time to call <see cref="Rewrite"/>.</summary>
    public bool WantsRewrite => Length > RewriteFloorBytes && Length > RewriteFactor * LiveBytes;

    /// <summary>Opens or creates the file and replays its entries, oldest first.</summary>
    /// <param name="truncatedBytes">What a torn write had left behind its last good frame.</param>
    public static Journal Open(string path, Action<JournalEntry> replay, out long truncatedBytes)
    {
        var isNew = !File.Exists(path);
        var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var fileBytes = RandomAccess.GetLength(handle);
            var goodBytes = Replay(handle, fileBytes, replay);
            truncatedBytes = fileBytes - goodBytes;
            if (truncatedBytes > 0)
            {
                RandomAccess.SetLength(handle, goodBytes);
            }

            if (isNew)
            {
                Disk.FlushDirectory(Path.GetDirectoryName(path)!);
            }

            return new Journal(path, handle, goodBytes);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Appends one entry; the write has reached the operating system when this returns.</summary>
    /// <exception cref="IOException">Not written; the file is as it was.</exception>
    public void Append(byte type, byte version, ReadOnlySpan<byte> payload)
    {
        var size = HeaderBytes + 2 + payload.Length;
        var frame = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            WriteFrame(frame.AsSpan(0, size), type, version, payload);
            lock (_lock)
            {
                try
                {
                    RandomAccess.Write(_handle, frame.AsSpan(0, size), Length);
                }
                catch
                {
                    RandomAccess.SetLength(_handle, Length);
                    throw;
                }

                Length += size;
                _dirty = true;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    /// <summary>Makes what was appended durable against power loss.</summary>
    public void Flush()
    {
        SafeFileHandle handle;
        lock (_lock)
        {
            if (!_dirty)
            {
                return;
            }

            (_dirty, handle) = (false, _handle);
        }

        try
        {
            RandomAccess.FlushToDisk(handle);                                // outside the lock: appends go on meanwhile
        }
        catch (ObjectDisposedException)
        {
            // A rewrite has replaced the file, and made the new one durable.
        }
    }

    /// <summary>Replaces the file by the entries that still matter. Appends wait meanwhile.</summary>
    public void Rewrite(IEnumerable<JournalEntry> live)
    {
        lock (_lock)
        {
            var temporary = _path + ".new";
            long length = 0;
            var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
            try
            {
                foreach (var entry in live)
                {
                    var frame = new byte[HeaderBytes + 2 + entry.Payload.Length];
                    WriteFrame(frame, entry.Type, entry.Version, entry.Payload.Span);
                    RandomAccess.Write(handle, frame, length);
                    length += frame.Length;
                }

                RandomAccess.FlushToDisk(handle);
                File.Move(temporary, _path, overwrite: true);
                Disk.FlushDirectory(Path.GetDirectoryName(_path)!);
            }
            catch
            {
                handle.Dispose();
                throw;
            }

            _handle.Dispose();
            _handle = handle;
            Length = length;
            LiveBytes = length;
            _dirty = false;
        }
    }

    public void Dispose() => _handle.Dispose();

    private static void WriteFrame(Span<byte> frame, byte type, byte version, ReadOnlySpan<byte> payload)
    {
        var content = frame[HeaderBytes..];
        content[0] = type;
        content[1] = version;
        payload.CopyTo(content[2..]);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)content.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Crc32C.Compute(content));
    }

    /// <returns>Where the last good frame ends.</returns>
    private static long Replay(SafeFileHandle handle, long fileBytes, Action<JournalEntry> replay)
    {
        using var stream = new BufferedStream(
            new FileStream(new SafeFileHandle(handle.DangerousGetHandle(), ownsHandle: false), FileAccess.Read), 1 << 16);
        var header = new byte[HeaderBytes];
        var content = new byte[4096];
        long position = 0;
        while (position + HeaderBytes + 2 <= fileBytes && stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) == HeaderBytes)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(header);
            if (length < 2 || length > MaxEntryBytes || length > fileBytes - position - HeaderBytes)
            {
                break;
            }

            if (content.Length < length)
            {
                content = new byte[length];
            }

            stream.ReadExactly(content, 0, (int)length);
            if (Crc32C.Compute(content.AsSpan(0, (int)length)) != BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4)))
            {
                break;
            }

            replay(new JournalEntry(content[0], content[1], content.AsMemory(2, (int)length - 2)));
            position += HeaderBytes + length;
        }

        return position;
    }
}
