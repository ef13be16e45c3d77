using Embedded.Kafka.Wire;
using Microsoft.Extensions.Logging;

namespace Embedded.Kafka.Log;

/// <summary>
/// One partition: its segments, where they begin and end, and who waits for more. One writer at a time appends; readers
/// never wait for it (<see cref="LogView"/>).
/// </summary>
/// <remarks>
/// An append is one write of the batch as received; the acknowledgement leaves after that write has returned, so a killed
/// broker loses nothing it acknowledged. Between the write and the acknowledgement nothing else goes to disk: index and
/// producer state live in memory and are made again by recovery. Files and folders appear with the first append.
/// A failed write cuts the file back to its last whole batch; if that or an fsync fails, the partition goes offline, because
/// nobody knows any more what is on the disk.
/// </remarks>
internal sealed class PartitionLog : IDisposable
{
    private const long MaxSegmentOffsets = int.MaxValue;

    private readonly LogSettings _settings;
    private readonly Lock _appending = new();
    private readonly FetchWaiters _waiters = new();
    private readonly ProducerStates _producers;
    private LogView _view;
    private bool _offline;
    private int _dirty;

    /// <param name="recovered">What <see cref="LogRecovery"/> found.</param>
    public PartitionLog(LogSettings settings, string topic, int partition, int leaderEpoch, TopicConfig config, RecoveredLog recovered)
    {
        _settings = settings;
        _producers = recovered.Producers;
        _offline = recovered.IsDamaged;
        Topic = topic;
        Partition = partition;
        LeaderEpoch = leaderEpoch;
        Config = config;
        Directory = recovered.Directory;
        FlushedOffset = recovered.FlushedOffset;
        _view = View(recovered.Segments, recovered.StartOffset, recovered.EndOffset);
        if (FlushedOffset < recovered.EndOffset)
        {
            MarkDirty();                // a crash left it in the page cache only
        }
    }

    public string Topic { get; }

    public int Partition { get; }

    public string Directory { get; }

    /// <summary>Rises when the log was cut, so that clients notice.</summary>
    public int LeaderEpoch { get; }

    public TopicConfig Config { get; set; }

    public LogView Current => Volatile.Read(ref _view);

    public FetchWaiters Waiters => _waiters;

    /// <summary>Damaged, or a disk operation failed in a way that leaves its content unknown: all requests get KAFKA_STORAGE_ERROR.</summary>
    public bool IsOffline => Volatile.Read(ref _offline);

    /// <summary>The topic is deleted: waiting fetches end with UNKNOWN_TOPIC_OR_PARTITION.</summary>
    public bool IsDeleted { get; private set; }

    /// <summary>Up to this offset the log is known to be on disk.</summary>
    public long FlushedOffset { get; private set; }

    /// <summary>Appends one validated batch, after the offset and epoch have been stamped into it.</summary>
    /// <param name="bytes">The batch as received; changed in place.</param>
    public AppendResult Append(Span<byte> bytes, RecordBatch batch, long nowMs)
    {
        lock (_appending)
        {
            if (_offline || IsDeleted)
            {
                return AppendResult.Failed(IsDeleted ? ErrorCode.UnknownTopicOrPartition : ErrorCode.KafkaStorageError);
            }

            var appendTimeMs = Config.IsLogAppendTime ? nowMs : -1;
            if (batch.HasProducer)
            {
                var error = _producers.Check(batch, out var duplicateOf);
                if (error != ErrorCode.None)
                {
                    return AppendResult.Failed(error);
                }

                if (duplicateOf >= 0)
                {
                    return new AppendResult(ErrorCode.None, duplicateOf, appendTimeMs, _view.StartOffset);
                }
            }

            if (!_settings.Volume.HasRoom)
            {
                return AppendResult.Failed(ErrorCode.KafkaStorageError);
            }

            var view = _view;
            RecordBatch.Stamp(bytes, view.EndOffset, LeaderEpoch);
            if (Config.IsLogAppendTime)
            {
                RecordBatch.StampLogAppendTime(bytes, nowMs);
            }

            batch = batch with
            {
                BaseOffset = view.EndOffset,
                LeaderEpoch = LeaderEpoch,
                MaxTimestamp = Config.IsLogAppendTime ? nowMs : batch.MaxTimestamp,
            };
            if (!TryWrite(ref view, bytes, batch, nowMs))
            {
                return AppendResult.Failed(ErrorCode.KafkaStorageError);
            }

            if (batch.HasProducer)
            {
                _producers.Add(batch, nowMs, _settings.Options.MaxProducersPerPartition);
            }

            Publish(Advance(view, view.Segments, batch.LastOffset + 1));
            MarkDirty();
            if (!_settings.Options.FlushOnAck)
            {
                _waiters.Wake();
            }

            return new AppendResult(ErrorCode.None, batch.BaseOffset, appendTimeMs, view.StartOffset);
        }
    }

    /// <summary>Finds what a fetch from this offset sends, at most <paramref name="budget"/> bytes of whole batches.</summary>
    /// <param name="first">The answer is still empty: one batch goes even if it
    /// is larger than the budget, or a consumer would never get past it.</param>
    public ErrorCode Plan(LogView view, long offset, long budget, bool first, out LogSlice slice)
    {
        slice = default;
        if (IsDeleted)
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        if (IsOffline)
        {
            return ErrorCode.KafkaStorageError;
        }

        if (offset < view.StartOffset || offset > view.HighWatermark)
        {
            return ErrorCode.OffsetOutOfRange;
        }

        if (offset == view.HighWatermark)
        {
            return ErrorCode.None;
        }

        try
        {
            for (var i = view.IndexOf(offset); i < view.Segments.Length; i++)
            {
                var segment = view.Segments[i];
                var end = view.EndOf(segment);
                if (!TryFind(segment, offset, end, out var position, out var batchBytes))
                {
                    continue;
                }

                var here = end - position;
                var length = here <= budget ? here : batchBytes <= budget ? budget : first ? batchBytes : 0;
                slice = new LogSlice(segment, position, (int)length, MayEndInBatch: length < here && length != batchBytes, here + view.BytesAfter(i));
                return ErrorCode.None;
            }

            return ErrorCode.None;
        }
        catch (ObjectDisposedException)
        {
            return ErrorCode.OffsetOutOfRange;                               // retention has overtaken this reader
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            _settings.Log.ReadFailed(e, Topic, Partition, offset);
            return ErrorCode.KafkaStorageError;
        }
    }

    /// <summary>The first record whose timestamp is at least this; of a compressed batch, the batch.</summary>
    /// <returns>Offset −1: there is none.</returns>
    public (long Offset, long Timestamp) FindTimestamp(LogView view, long timestamp)
    {
        foreach (var segment in view.Segments)
        {
            if (!segment.TryFindTimestamp(timestamp, view.EndOf(segment), out var position, out var batch))
            {
                continue;
            }

            var found = RecordAt(segment, position, batch, timestamp, view.StartOffset);
            if (found.Offset >= 0 && found.Offset < view.HighWatermark)
            {
                return found;
            }
        }

        return (-1, -1);
    }

    /// <summary>The record with the largest timestamp; of a compressed batch, its last.</summary>
    /// <returns>Offset −1: the log is empty.</returns>
    public static (long Offset, long Timestamp) FindMaxTimestamp(LogView view)
    {
        var segment = view.Segments.Where(candidate => view.EndOf(candidate) > 0).MaxBy(candidate => candidate.MaxTimestamp);
        if (segment is null || !segment.TryFindTimestamp(segment.MaxTimestamp, view.EndOf(segment), out var position, out var batch))
        {
            return (-1, -1);
        }

        return batch.Codec == 0 && !batch.IsLogAppendTime
            ? RecordAt(segment, position, batch, batch.IndexedTimestamp, view.StartOffset)
            : (batch.LastOffset, batch.MaxTimestamp);
    }

    /// <summary>The newest epoch at or below the one asked for that holds data, and where it ends.</summary>
    public (int Epoch, long EndOffset) EndOfEpoch(LogView view, int epoch)
    {
        // An epoch begins with a segment (see Write), so the first batch of each segment tells all epochs.
        var end = view.HighWatermark;
        if (epoch > LeaderEpoch)
        {
            return (-1, -1);
        }

        for (var i = view.Segments.Length - 1; i >= 0; i--)
        {
            if (view.EndOf(view.Segments[i]) == 0)
            {
                continue;
            }

            var segmentEpoch = view.Segments[i].ReadHeader(0).LeaderEpoch;
            if (segmentEpoch <= epoch)
            {
                return (segmentEpoch, end);
            }

            end = view.Segments[i].BaseOffset;
        }

        return epoch == LeaderEpoch ? (epoch, view.HighWatermark) : (-1, -1);
    }

    /// <summary>The epoch of the record at an offset; −1 if there is none.</summary>
    public static int EpochAt(LogView view, long offset)
    {
        if (offset < view.StartOffset || offset > view.HighWatermark || view.Segments.Length == 0)
        {
            return -1;
        }

        var segment = view.Segments[view.IndexOf(offset)];
        return view.EndOf(segment) == 0 ? -1 : segment.ReadHeader(0).LeaderEpoch;
    }

    /// <summary>Fsyncs what was appended until now. Called by the flusher only.</summary>
    /// <exception cref="IOException">The partition is offline from now on.</exception>
    public void Flush()
    {
        Interlocked.Exchange(ref _dirty, 0);
        LogView view;
        long[] sizes;
        lock (_appending)
        {
            view = _view;
            sizes = Array.ConvertAll(view.Segments, segment => segment.Size);
        }

        try
        {
            for (var i = 0; i < sizes.Length; i++)
            {
                view.Segments[i].Flush(sizes[i]);
            }
        }
        catch (ObjectDisposedException)
        {
            // Retention removed a segment: nothing left to keep.
        }
        catch (IOException)
        {
            Volatile.Write(ref _offline, true);
            _waiters.Wake();
            throw;
        }

        FlushedOffset = view.EndOffset;
        if (!_settings.Options.FlushOnAck)
        {
            return;
        }

        lock (_appending)
        {
            if (view.Segments is [.., var last])
            {
                Publish(_view with { HighWatermark = view.EndOffset, ReadableSegment = last, ReadablePosition = sizes[^1] });
            }
        }

        _waiters.Wake();
    }

    /// <summary>Drops whole segments that the topic's retention no longer covers.</summary>
    /// <returns>The new log start offset, or −1 if nothing changed.</returns>
    public long ApplyRetention(long nowMs)
    {
        lock (_appending)
        {
            _producers.Expire(nowMs - _settings.Options.ProducerIdExpirationMs);
            if (!Config.IsDeleted || _offline || IsDeleted)
            {
                return -1;
            }

            var view = _view;
            var total = view.Segments.Sum(segment => segment.Size);
            var drop = 0;
            while (drop < view.Segments.Length)
            {
                var segment = view.Segments[drop];
                var expired = Config.RetentionMs >= 0 && segment.MaxTimestamp >= 0 && segment.MaxTimestamp < nowMs - Config.RetentionMs;
                var tooMuch = Config.RetentionBytes >= 0 && total - segment.Size >= Config.RetentionBytes;
                var isActive = drop == view.Segments.Length - 1;
                if (segment.Size == 0 || (!expired && (!tooMuch || isActive)))
                {
                    break;
                }

                total -= segment.Size;
                drop++;
            }

            if (drop == 0)
            {
                return -1;
            }

            var dropped = view.Segments[..drop];
            var start = drop == view.Segments.Length ? view.EndOffset : view.Segments[drop].BaseOffset;
            var left = view.Segments[drop..];
            if (left.Length == 0)
            {
                left = [Segment.Create(Directory, view.EndOffset)];    // the file name keeps the log end offset
            }

            Publish(View(left, Math.Max(start, view.StartOffset), view.EndOffset));
            foreach (var segment in dropped)
            {
                Remove(segment);
            }

            _settings.Log.RetentionApplied(Topic, Partition, drop, start);
            return start;
        }
    }

    /// <summary>At an orderly stop: what recovery can trust then.</summary>
    public void SaveState()
    {
        lock (_appending)
        {
            var view = _view;
            if (_offline || view.Segments.Length == 0)
            {
                return;
            }

            view.Segments[^1].SaveIndex();
            SaveProducers(view.EndOffset);
        }
    }

    /// <summary>The topic is gone: appends and fetches are refused, files are closed. The caller removes the folder.</summary>
    public void Delete()
    {
        lock (_appending)
        {
            IsDeleted = true;
            foreach (var segment in _view.Segments)
            {
                segment.Dispose();
            }
        }

        _waiters.Wake();
    }

    public void Dispose()
    {
        foreach (var segment in Current.Segments)
        {
            segment.Dispose();
        }
    }

    private static bool TryFind(Segment segment, long offset, long end, out long position, out long batchBytes)
    {
        var found = segment.TryFindOffset(offset, end, out position, out var batch);
        batchBytes = found ? batch.TotalBytes : 0;
        return found;
    }

    private static (long Offset, long Timestamp) RecordAt(Segment segment, long position, in RecordBatch batch, long timestamp, long startOffset)
    {
        if (batch.IsLogAppendTime)
        {
            return (Math.Max(batch.BaseOffset, startOffset), batch.MaxTimestamp);
        }

        if (batch.Codec != 0)
        {
            return (Math.Max(batch.BaseOffset, startOffset), batch.BaseTimestamp >= timestamp ? batch.BaseTimestamp : batch.MaxTimestamp);
        }

        var bytes = new byte[batch.TotalBytes];
        if (segment.Read(bytes, position) < bytes.Length)
        {
            return (-1, -1);
        }

        var walker = new RecordWalker(bytes);
        for (var i = 0; i < batch.RecordCount; i++)
        {
            walker.Next();
            var (offset, at) = (batch.BaseOffset + walker.OffsetDelta, batch.BaseTimestamp + walker.TimestampDelta);
            if (at >= timestamp && offset >= startOffset)
            {
                return (offset, at);
            }
        }

        return (-1, -1);
    }

    /// <returns>False: nothing was appended, the log is as it was or offline.</returns>
    private bool TryWrite(ref LogView view, ReadOnlySpan<byte> bytes, in RecordBatch batch, long nowMs)
    {
        Segment? segment = null;
        try
        {
            if (NeedsRoll(view, bytes.Length, batch, nowMs))
            {
                view = Roll(view);
            }

            segment = view.Segments[^1];
            segment.Append(bytes, batch, nowMs);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _settings.Log.AppendFailed(e, Topic, Partition, view.EndOffset);
            try
            {
                segment?.CutBack();
            }
            catch (IOException again)
            {
                _settings.Log.PartitionOffline(again, Topic, Partition);
                Volatile.Write(ref _offline, true);
            }

            return false;
        }
    }

    private bool NeedsRoll(LogView view, int bytes, in RecordBatch batch, long nowMs)
    {
        if (view.Segments.Length == 0)
        {
            return true;
        }

        var active = view.Segments[^1];
        if (active.Size == 0)
        {
            return false;
        }

        return active.Size + bytes > Config.SegmentBytes
            || (active.FirstAppendMs > 0 && nowMs - active.FirstAppendMs >= Config.SegmentMs)
            || batch.LastOffset - active.BaseOffset > MaxSegmentOffsets
            || (active.FirstAppendMs == 0 && active.ReadHeader(0).LeaderEpoch != LeaderEpoch);   // an epoch begins with a segment
    }

    /// <summary>Starts a new segment. The closed one keeps its index on disk, and the producers' state at the border is saved.</summary>
    private LogView Roll(LogView view)
    {
        if (view.Segments is [.., var closed])
        {
            closed.SaveIndex();
            SaveProducers(view.EndOffset);
        }

        var segment = Segment.Create(Directory, view.EndOffset);
        view = view with { Segments = [.. view.Segments, segment], ReadableSegment = view.ReadableSegment ?? segment };
        Publish(view);
        return view;
    }

    private void SaveProducers(long offset)
    {
        _producers.Save(Directory, offset);
        foreach (var path in System.IO.Directory.GetFiles(Directory, "*" + ProducerStates.SnapshotSuffix).Order(StringComparer.Ordinal).SkipLast(2))
        {
            File.Delete(path);
        }
    }

    private LogView Advance(LogView view, Segment[] segments, long endOffset) => _settings.Options.FlushOnAck
        ? view with { Segments = segments, EndOffset = endOffset }
        : new LogView(segments, view.StartOffset, endOffset, endOffset, segments[^1], segments[^1].Size);

    private static LogView View(Segment[] segments, long startOffset, long endOffset) =>
        new(segments, startOffset, endOffset, endOffset, segments is [.., var last] ? last : null, segments is [.., var active] ? active.Size : 0);

    private void Publish(LogView view) => Volatile.Write(ref _view, view);

    private void MarkDirty()
    {
        if (Interlocked.Exchange(ref _dirty, 1) == 0)
        {
            _settings.Flusher.Add(this);
        }
    }

    private void Remove(Segment segment)
    {
        File.Delete(segment.LogPath);
        File.Delete(segment.IndexPath);
        segment.Dispose();
    }
}
