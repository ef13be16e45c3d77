using Microsoft.Extensions.Logging;

namespace Embedded.Kafka.Log;

/// <summary>
/// Opens a partition's files after a stop of any kind. After an orderly stop the indexes are believed; otherwise everything above
/// the flush checkpoint is read batch by batch, and the log ends before the first batch that is not whole.
/// </summary>
/// <remarks>
/// What a crash can leave, and what becomes of it: half a batch at the end, or zeros (power loss): cut off; it was never acknowledged
/// with flush.on.ack, and never promised against power loss without. An index or snapshot that is missing, old or torn: made again.
/// A batch that is broken although the checkpoint says it was on disk: damage; nothing is cut, the partition goes offline, unless
/// --repair asks for the cut. Recovery only reads, cuts and deletes, so a kill in the middle of it is safe.
/// </remarks>
internal sealed class LogRecovery(bool wasCleanStop, BrokerOptions options, ILogger log)
{
    private const int ChunkBytes = 1 << 20;

    /// <param name="flushedOffset">From the flush checkpoint: below it everything was on disk.</param>
    public RecoveredLog Recover(string directory, long flushedOffset, long nowMs)
    {
        var bases = Directory.Exists(directory) ? BaseOffsets(directory) : [];
        if (bases.Length == 0)
        {
            if (flushedOffset <= 0 || options.Repair)
            {
                return RecoveredLog.Empty(directory);
            }

            log.Damaged(directory, 0);
            return RecoveredLog.Empty(directory) with { IsDamaged = true };
        }

        var segments = new List<Segment>();
        var (end, truncated) = (bases[0], false);
        for (var i = 0; i < bases.Length; i++)
        {
            var segment = Segment.Open(directory, bases[i]);
            segments.Add(segment);
            var nextBase = i + 1 < bases.Length ? bases[i + 1] : -1;
            var good = IsTrusted(segment, nextBase, flushedOffset) ? segment.Size : Scan(segment, flushedOffset);
            end = segment.NextOffset;
            if (good == segment.Size && (nextBase < 0 || nextBase == end))
            {
                segment.MarkFlushed(end <= flushedOffset || wasCleanStop ? segment.Size : 0);
                continue;
            }

            if (end < flushedOffset && !options.Repair)
            {
                log.Damaged(segment.LogPath, good);
                return Result(directory, segments, end, flushedOffset, new ProducerStates(), truncated) with { IsDamaged = true };
            }

            log.Truncated(segment.LogPath, segment.Size - good, end);
            segment.Reset(good);
            truncated = true;
            foreach (var later in bases[(i + 1)..])
            {
                Delete(directory, later);
            }

            break;
        }

        return Result(directory, segments, end, flushedOffset, Producers(directory, segments, end, nowMs), truncated);
    }

    private RecoveredLog Result(string directory, List<Segment> segments, long end, long flushedOffset, ProducerStates producers, bool truncated) =>
        new(directory, [.. segments], segments[0].BaseOffset, end, wasCleanStop ? end : Math.Min(flushedOffset, end), producers, truncated,
            IsDamaged: false);

    private static long[] BaseOffsets(string directory) =>
        [.. Directory.GetFiles(directory, "*" + Segment.LogSuffix)
            .Select(path => long.TryParse(Path.GetFileNameWithoutExtension(path), out var offset) ? offset : -1)
            .Where(offset => offset >= 0).Order()];

    private static void Delete(string directory, long baseOffset)
    {
        foreach (var suffix in (string[])[Segment.LogSuffix, Segment.IndexSuffix, ProducerStates.SnapshotSuffix])
        {
            File.Delete(Segment.PathOf(directory, baseOffset, suffix));
        }
    }

    /// <summary>The index fits, and nothing can have been torn since it was written.</summary>
    private bool IsTrusted(Segment segment, long nextBase, long flushedOffset) =>
        !options.Verify && segment.TryLoadIndex() && (wasCleanStop || (segment.NextOffset <= flushedOffset && nextBase >= 0))
        && (segment.Size == 0 || segment.ReadHeader(0) is { Magic: RecordBatch.CurrentMagic } first && first.BaseOffset >= segment.BaseOffset);

    /// <summary>Reads a segment from its start, and learns its index on the way.</summary>
    /// <returns>Where its last whole batch ends.</returns>
    private long Scan(Segment segment, long flushedOffset)
    {
        segment.BeginScan();
        var chunk = new byte[ChunkBytes];
        var (chunkAt, chunkBytes) = (0L, 0);
        for (long position = 0; ;)
        {
            if (!Holds(RecordBatch.HeaderBytes))
            {
                return position;
            }

            var batch = RecordBatch.Read(At());
            if (batch.Magic != RecordBatch.CurrentMagic || batch.BaseOffset < segment.NextOffset || batch.LastOffsetDelta < 0
                || batch.TotalBytes < RecordBatch.HeaderBytes || batch.TotalBytes > segment.Size - position)
            {
                return position;
            }

            // Below the checkpoint a header is enough, unless a full check was asked for.
            if (options.Verify || batch.LastOffset >= flushedOffset)
            {
                if (!Holds((int)batch.TotalBytes) || !RecordBatch.HasGoodCrc(At()[..(int)batch.TotalBytes]))
                {
                    return position;
                }
            }

            segment.Note(batch, position);
            position += batch.TotalBytes;

            ReadOnlySpan<byte> At() => chunk.AsSpan((int)(position - chunkAt), (int)(chunkAt + chunkBytes - position));

            bool Holds(int bytes)
            {
                if (position >= chunkAt && position + bytes <= chunkAt + chunkBytes)
                {
                    return true;
                }

                if (bytes > chunk.Length)
                {
                    chunk = new byte[bytes];
                }

                (chunkAt, chunkBytes) = (position, segment.Read(chunk, position));
                return chunkBytes >= bytes;
            }
        }
    }

    /// <summary>The newest snapshot that the log still reaches, and the headers after it.</summary>
    private ProducerStates Producers(string directory, List<Segment> segments, long end, long nowMs)
    {
        var producers = new ProducerStates();
        var from = segments[0].BaseOffset;
        foreach (var path in Directory.GetFiles(directory, "*" + ProducerStates.SnapshotSuffix).OrderDescending(StringComparer.Ordinal))
        {
            if (!long.TryParse(Path.GetFileNameWithoutExtension(path), out var offset) || offset > end)
            {
                File.Delete(path);
            }
            else if (ProducerStates.TryLoad(directory, offset) is { } saved)
            {
                (producers, from) = (saved, Math.Max(offset, from));
                break;
            }
        }

        foreach (var segment in segments.Where(segment => segment.NextOffset > from))
        {
            if (!segment.TryFindOffset(from, segment.Size, out var position, out _))
            {
                continue;
            }

            while (position < segment.Size)
            {
                var batch = segment.ReadHeader(position);
                if (batch.HasProducer && batch.BaseOffset >= from && !batch.IsControl)
                {
                    producers.Add(batch, nowMs, options.MaxProducersPerPartition);
                }

                position += batch.TotalBytes;
            }
        }

        return producers;
    }
}
