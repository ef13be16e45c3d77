using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>
/// Takes records in batches as large as the backlog: waits for one, then takes what is queued. So batches grow under
/// load, and an idle service answers a single record at once.
/// </summary>
/// <remarks>For one thread at a time, <see cref="StoreOffsets"/> apart.</remarks>
public sealed class BatchConsumer : IDisposable
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromMilliseconds(100);

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly PipelineMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<BatchConsumer> _log;
    private readonly ConsumerLag _lag;
    private readonly UnreadableRecords _unreadable;
    private MessagingOperation _poll;
    private MessagingOperation _commit;
    private readonly HashSet<TopicPartition> _paused = [];
    private bool _closed;
    private long _openCount;

    public BatchConsumer(IConsumer<byte[], byte[]> consumer, string groupId, PipelineMetrics metrics, TimeProvider time, ILogger<BatchConsumer> log)
    {
        (_consumer, GroupId, _metrics, _time, _log) = (consumer, groupId, metrics, time, log);
        (_lag, _unreadable) = (new ConsumerLag(consumer, groupId, metrics), new UnreadableRecords(consumer, time));
        (_poll, _commit) = (MessagingOperation.Poll(metrics, null, groupId), MessagingOperation.Commit(metrics, null, groupId));
        Progress = new ConsumerProgress(time, () => _lag.Total + Volatile.Read(ref _openCount));
    }

    /// <summary>Who takes the records.</summary>
    public string GroupId { get; }

    /// <summary>Whether records wait and none gets done.</summary>
    public ConsumerProgress Progress { get; }

    public void Subscribe(params string[] topics)
    {
        var only = topics is [var topic] ? topic : null;
        (_poll, _commit) = (MessagingOperation.Poll(_metrics, only, GroupId), MessagingOperation.Commit(_metrics, only, GroupId));
        _consumer.Subscribe(topics);
    }

    /// <summary>Blocks until there is a record; then takes what else has arrived, without waiting.</summary>
    /// <param name="maxRecords">Most records to take.</param>
    /// <param name="stoppingToken">Ends the wait.</param>
    /// <returns>At least one record; those of a partition in offset order.</returns>
    /// <exception cref="OperationCanceledException">While waiting for the first.</exception>
    /// <exception cref="ConsumeException">The client cannot go on.</exception>
    public ConsumedBatch Take(int maxRecords, CancellationToken stoppingToken) => Take(maxRecords, until: null, stoppingToken)!;

    /// <summary>The same, for as long as there is time.</summary>
    /// <param name="maxRecords">Most records to take.</param>
    /// <param name="until">When the wait for the first ends; null: never.</param>
    /// <param name="stoppingToken">Ends the wait.</param>
    /// <returns>Null when no record came.</returns>
    /// <exception cref="OperationCanceledException">While waiting for the first.</exception>
    /// <exception cref="ConsumeException">The client cannot go on.</exception>
    public ConsumedBatch? Take(int maxRecords, DateTimeOffset? until, CancellationToken stoppingToken)
    {
        stoppingToken.ThrowIfCancellationRequested();
        Received? first;
        while ((first = Next(() => _consumer.Consume(WaitUntil(until)))) is null)
        {
            stoppingToken.ThrowIfCancellationRequested();
            if (until <= _time.GetUtcNow())
            {
                return null;
            }
        }

        var records = new List<Received> { first.Value };
        while (records.Count < maxRecords && Next(() => _consumer.Consume(TimeSpan.Zero)) is { } more)
        {
            records.Add(more);
        }

        Interlocked.Add(ref _openCount, records.Count);
        return new ConsumedBatch(records, Trace(records));
    }

    /// <summary>
    /// Takes none of a partition's records until <see cref="Resume"/>. Costs what the client has fetched of them, so not for every batch.
    /// </summary>
    public void Pause(TopicPartition partition)
    {
        if (!_paused.Contains(partition) && _consumer.Assignment.Contains(partition))
        {
            _consumer.Pause([partition]);
            _paused.Add(partition);
        }
    }

    /// <summary>Takes a partition's records again, if it is paused.</summary>
    public void Resume(TopicPartition partition)
    {
        if (_paused.Remove(partition) && _consumer.Assignment.Contains(partition))
        {
            _consumer.Resume([partition]);
        }
    }

    /// <summary>Marks a batch as done: the next commit, within a second or on <see cref="Close"/>, covers it.</summary>
    /// <remarks>
    /// Batches must be stored in the order in which they were taken. A partition that has gone to another member
    /// meanwhile is passed over: that member reads its records again, and everything downstream is keyed by image id.
    /// </remarks>
    public void StoreOffsets(ConsumedBatch batch)
    {
        var began = _time.GetUtcNow();
        var next = new Dictionary<TopicPartition, Offset>();
        foreach (var (record, _, _) in batch.Records)
        {
            next[record.TopicPartition] = record.Offset + 1;
        }

        foreach (var (partition, offset) in next)
        {
            try
            {
                _consumer.StoreOffset(new TopicPartitionOffset(partition, offset));
            }
            catch (KafkaException lost) when (lost.Error.Code is ErrorCode.Local_State or ErrorCode.Local_UnknownPartition)
            {
                _log.PartitionMoved(partition.Topic, partition.Partition.Value, offset.Value);
            }
        }
        Interlocked.Add(ref _openCount, -batch.Records.Count);
        Progress.Moved();
        var ended = _time.GetUtcNow();
        _commit.Record(began, ended);
        if (batch.Trace != default)
        {
            _commit.Start(batch.Trace, began)?.SetTag(TelemetryNames.BatchMessageCount, batch.Records.Count).End(ended);
        }
    }

    /// <summary>Commits what is stored and leaves the group, so that others take over at once.</summary>
    public void Close()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _lag.Dispose();
        _consumer.Close();
    }

    public void Dispose() => Close();

    /// <summary>How long one call of the client may wait: it does not hear that the service is stopping.</summary>
    private TimeSpan WaitUntil(DateTimeOffset? until)
    {
        var left = until - _time.GetUtcNow();
        return left < LongestCall ? left < TimeSpan.Zero ? TimeSpan.Zero : left.Value : LongestCall;
    }

    /// <summary>
    /// The span of taking a batch, linked to those who sent its records; it begins with the first record, not with the wait for it.
    /// </summary>
    /// <returns>Default when none of the records is traced.</returns>
    private ActivityContext Trace(List<Received> records)
    {
        var (began, ended) = (records[0].At, records[^1].At);
        _poll.Record(began, ended, records.Count);
        if (!PipelineTelemetry.Source.HasListeners())
        {
            return default;
        }

        List<ActivityLink>? senders = null;
        for (var i = 0; i < records.Count && senders is not { Count: RecordSpans.MaxLinks }; i++)
        {
            var headers = records[i].Record.Message.Headers;
            if (!TraceContext.IsNotRecorded(headers) && TraceContext.TryExtract(headers, out var sender))
            {
                (senders ??= []).Add(new ActivityLink(sender));
            }
        }
        if (senders is null)
        {
            return default;
        }

        var poll = _poll.Start(default, began, senders);
        if (poll is null)
        {
            return default;
        }

        poll.SetTag(TelemetryNames.BatchMessageCount, records.Count).End(ended);
        return poll.Context;
    }

    /// <summary>One call of the client; a passing trouble, such as a topic not there yet, is logged and counts as nothing read.</summary>
    private Received? Next(Func<ConsumeResult<byte[], byte[]>?> consume)
    {
        try
        {
            return consume() is { } record ? new(record, _time.GetUtcNow()) : null;
        }
        catch (ConsumeException damaged) when (UnreadableRecords.Is(damaged))
        {
            _log.ConsumeTrouble(damaged.Error.Code, damaged.Error.Reason);
            return _unreadable.PassOver(damaged);
        }
        catch (ConsumeException trouble) when (!trouble.Error.IsFatal)
        {
            _log.ConsumeTrouble(trouble.Error.Code, trouble.Error.Reason);
            Progress.Trouble = trouble.Error.Reason;
            return null;
        }
    }
}
