using Microsoft.Win32.SafeHandles;

namespace Embedded.Kafka.Log;

/// <summary>
/// One file of a partition's log: record batches one after another, as consumers will read them, and nothing else.
/// Appended to by the partition's one writer; read by any thread, by position, below a size the reader was given.
/// </summary>
/// <remarks>File name: the offset of its first record in 20 digits. Positions below 2 GiB, so they fit the index.</remarks>
internal sealed class Segment : IDisposable
{
    public const string LogSuffix = ".log";
    public const string IndexSuffix = ".idx";

    private readonly SafeFileHandle _handle;
    private OffsetIndex _index = new();
    private Placed? _lastBatch;

    /// <summary>A batch and where it stands.</summary>
    private sealed record Placed(RecordBatch Batch, long Position);

    private Segment(string directory, long baseOffset, SafeFileHandle handle, long size)
    {
        Directory = directory;
        BaseOffset = baseOffset;
        NextOffset = baseOffset;
        Size = size;
        _handle = handle;
    }

    public string Directory { get; }

    public long BaseOffset { get; }

    /// <summary>The offset after the last record.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Bytes of whole batches.</summary>
    public long Size { get; private set; }

    /// <summary>Largest record timestamp, −1 without one.</summary>
    public long MaxTimestamp { get; private set; } = -1;

    /// <summary>When this process first appended to it; 0 before.</summary>
    public long FirstAppendMs { get; private set; }

    /// <summary>Everything up to this size is on disk.</summary>
    public long FlushedBytes { get; private set; }

    public string LogPath => PathOf(Directory, BaseOffset, LogSuffix);

    public string IndexPath => PathOf(Directory, BaseOffset, IndexSuffix);

    public static string PathOf(string directory, long offset, string suffix) => Path.Combine(directory, $"{offset:D20}{suffix}");

    public static Segment Create(string directory, long baseOffset)
    {
        System.IO.Directory.CreateDirectory(directory);
        var handle = File.OpenHandle(
            PathOf(directory, baseOffset, LogSuffix), FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        return new Segment(directory, baseOffset, handle, size: 0);
    }

    /// <summary>Opens what is there; its content is not looked at.</summary>
    public static Segment Open(string directory, long baseOffset)
    {
        var handle = File.OpenHandle(
            PathOf(directory, baseOffset, LogSuffix), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        return new Segment(directory, baseOffset, handle, RandomAccess.GetLength(handle));
    }

    /// <summary>Appends one stamped batch by one write.</summary>
    /// <exception cref="IOException">Nothing was appended, unless <see cref="CutBack"/> fails too.</exception>
    public void Append(ReadOnlySpan<byte> bytes, in RecordBatch batch, long nowMs)
    {
        RandomAccess.Write(_handle, bytes, Size);
        if (FirstAppendMs == 0)
        {
            FirstAppendMs = nowMs;
        }

        Note(batch, Size);
        Size += bytes.Length;
    }

    /// <summary>After a failed or partial write: the file ends again where its batches end.</summary>
    public void CutBack() => RandomAccess.SetLength(_handle, Size);

    /// <summary>Recovery: everything from here on is dropped, and what is known about the rest is told by <see cref="Note"/>.</summary>
    public void Reset(long size)
    {
        RandomAccess.SetLength(_handle, size);
        Size = size;
    }

    /// <summary>Recovery: begins to learn the segment's content anew.</summary>
    public void BeginScan()
    {
        _index = new OffsetIndex();
        (NextOffset, MaxTimestamp) = (BaseOffset, -1);
    }

    /// <summary>A batch stands at this position.</summary>
    public void Note(in RecordBatch batch, long position)
    {
        // The index entry carries the timestamps before this batch: "nothing earlier reaches t" is what a search by time asks.
        _index.Add(batch.BaseOffset - BaseOffset, position, MaxTimestamp);
        MaxTimestamp = Math.Max(MaxTimestamp, batch.IndexedTimestamp);
        Volatile.Write(ref _lastBatch, new Placed(batch, position));
        NextOffset = batch.LastOffset + 1;
    }

    /// <summary>Trusts the index file if it belongs to a segment of this size.</summary>
    public bool TryLoadIndex()
    {
        var index = OffsetIndex.TryLoad(IndexPath, Size, out var nextOffset, out var maxTimestamp);
        if (index is null)
        {
            return false;
        }

        (_index, NextOffset, MaxTimestamp) = (index, nextOffset, maxTimestamp);
        return true;
    }

    public void SaveIndex() => _index.Save(IndexPath, Size, NextOffset, MaxTimestamp);

    /// <summary>Makes everything up to <paramref name="size"/> durable, and the file's own entry in its folders the first time.</summary>
    public void Flush(long size)
    {
        if (size <= FlushedBytes)
        {
            return;
        }

        RandomAccess.FlushToDisk(_handle);
        if (FlushedBytes == 0)
        {
            Disk.FlushDirectory(Directory);
            Disk.FlushDirectory(Path.GetDirectoryName(Directory)!);
            Disk.FlushDirectory(Path.GetDirectoryName(Path.GetDirectoryName(Directory))!);
        }

        FlushedBytes = size;
    }

    /// <summary>Recovery found this much in the flush checkpoint.</summary>
    public void MarkFlushed(long size) => FlushedBytes = size;

    /// <returns>Bytes read; fewer than asked for only at the end of the file.</returns>
    /// <exception cref="ObjectDisposedException">Retention has removed the segment meanwhile.</exception>
    public int Read(Span<byte> into, long position)
    {
        var done = 0;
        while (done < into.Length)
        {
            var count = RandomAccess.Read(_handle, into[done..], position + done);
            if (count == 0)
            {
                break;
            }

            done += count;
        }

        return done;
    }

    /// <exception cref="EndOfStreamException">There is no whole header at this position.</exception>
    public RecordBatch ReadHeader(long position)
    {
        Span<byte> header = stackalloc byte[RecordBatch.HeaderBytes];
        if (Read(header, position) < header.Length)
        {
            throw new EndOfStreamException($"No record batch at {position} of {LogPath}.");
        }

        return RecordBatch.Read(header);
    }

    /// <summary>Finds the batch that holds an offset, or the next one if it falls into a gap.</summary>
    /// <returns>False: there is none below <paramref name="end"/>.</returns>
    public bool TryFindOffset(long offset, long end, out long position, out RecordBatch batch)
    {
        // A consumer at the tail asks for the batch just appended.
        if (Volatile.Read(ref _lastBatch) is { } last && offset >= last.Batch.BaseOffset && offset <= last.Batch.LastOffset && last.Position < end)
        {
            (position, batch) = (last.Position, last.Batch);
            return true;
        }

        position = _index.FloorOfOffset(offset - BaseOffset);
        return TryWalk(ref position, end, out batch, candidate => candidate.LastOffset >= offset);
    }

    /// <summary>Finds the first batch that holds a record with this timestamp or a later one.</summary>
    public bool TryFindTimestamp(long timestamp, long end, out long position, out RecordBatch batch)
    {
        position = _index.FloorOfTimestamp(timestamp);
        return TryWalk(ref position, end, out batch, candidate => candidate.IndexedTimestamp >= timestamp);
    }

    public void Dispose() => _handle.Dispose();

    private bool TryWalk(ref long position, long end, out RecordBatch batch, Func<RecordBatch, bool> found)
    {
        for (; position < end; position += batch.TotalBytes)
        {
            batch = ReadHeader(position);
            if (batch.BatchLength < RecordBatch.HeaderBytes - RecordBatch.PrefixBytes)
            {
                throw new InvalidDataException($"Damage at {position} of {LogPath}.");
            }

            if (found(batch))
            {
                return true;
            }
        }

        batch = default;
        return false;
    }
}
