using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.DbConsumer;

/// <summary>
/// Stores captured images and what the model said of them, whichever of the two comes first.
/// At least once: offsets are stored only after the store has acknowledged the write, so a crash repeats work and never loses it.
/// Repeats are harmless because every write is keyed by image id, and dead letters by their record.
/// </summary>
internal sealed class StoreWorker(
    BatchConsumer records, ImageStore store, DeadLetters deadLetters, StoreSpans spans, StoreMetrics metrics, TimeProvider time, TopicOptions topics,
    ILogger<StoreWorker> log)
    : BackgroundService
{
    /// <summary>Some 4 MB of images: large enough that a bulk write's fixed cost vanishes, small enough to hold and to repeat.</summary>
    private const int MaxBatchRecords = 1_000;

    // Bulks of this size say that records come faster than single writes would take them, and that there is more to gain: a moment's wait
    // makes the next one worth its commit, which writes whole pages however little is on them.
    private const int BusyBatchImages = 16;
    private const int FullBatchImages = 250;

    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(20);

    private readonly OpenBatches _open = new(records);
    private readonly PendingImages _pending = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            records.Subscribe(topics.Images, topics.Results);
            while (true)
            {
                // Waits for one, then takes what is there; or until an image has waited for its prediction long enough.
                if (records.Take(MaxBatchRecords, _pending.NextDueAt, stoppingToken) is { } taken)
                {
                    await ReadAllAsync(_open.Add(taken), stoppingToken);
                }
                var due = _pending.TakeDue(time.GetUtcNow());
                if (due.Count > 0)
                {
                    await StoreAsync(due, stoppingToken);
                }
                while (_open.TryStoreOldest()) { }                              // only now may the broker forget them
                KeepInStep();
                if (due.Count is >= BusyBatchImages and < FullBatchImages)
                {
                    await Task.Delay(BusyPause, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            log.Stopping();
        }
        finally
        {
            records.Close();                                                    // commit, and leave the group without a timeout
        }
    }

    /// <summary>No further halves of one kind beyond those that may wait, until the others have caught up.</summary>
    private void KeepInStep()
    {
        foreach (var (partition, bytes) in _pending.WaitingBytes)
        {
            if (bytes >= PendingImages.MaxWaitingBytes)
            {
                records.Pause(partition);
            }
            else if (bytes <= PendingImages.MaxWaitingBytes / 8)                    // seldom: a pause costs what has been fetched beyond it
            {
                records.Resume(partition);
            }
        }
    }

    /// <summary>Reads every record. What cannot be read is done with here; the others are, when they are written.</summary>
    private async Task ReadAllAsync(OpenBatch batch, CancellationToken cancellationToken)
    {
        List<Task> rejections = [];
        List<(GivenTruth, Received)> truths = [];
        var repeatCount = 0;
        foreach (var received in batch.Taken.Records)
        {
            var record = received.Record;
            var (value, contentType, recordTime) = (record.Message.Value, record.ContentType(), received.Time());
            var isWaiting = false;
            Problem? problem;
            if (received.Unreadable is { } unreadable)
            {
                problem = unreadable;
            }
            else if (record.Topic == topics.Images)
            {
                if (ImageMessage.Parse(value, contentType, recordTime).IsRead(out var message, out problem) && message is GivenTruth truth)
                {
                    truths.Add((truth, received));
                    isWaiting = true;
                }
                else if (message is CapturedImage image)
                {
                    isWaiting = _pending.TryAdd(image, new TakenRecord(received, batch));
                    repeatCount += isWaiting ? 0 : 1;
                }
            }
            else if (InferenceResult.Parse(value, contentType, recordTime).IsRead(out var result, out problem))
            {
                _pending.Add(result, new TakenRecord(received, batch));
                isWaiting = true;
            }
            if (!isWaiting)
            {
                var readAt = time.GetUtcNow();
                spans.Record(received, batch: null, readAt, readAt, problem);
                rejections.Add(problem is null ? Task.CompletedTask : RejectAsync(record, problem, cancellationToken));
                batch.Finish();
            }
        }
        await Task.WhenAll(rejections);
        CountRepeats(repeatCount);
        if (truths.Count > 0)
        {
            await StoreAsync(truths, batch, cancellationToken);
        }
    }

    /// <summary>Truths wait for nothing: they are few, and theirs is a write of its own.</summary>
    private async Task StoreAsync(List<(GivenTruth Truth, Received Source)> truths, OpenBatch batch, CancellationToken cancellationToken)
    {
        var issuedAt = time.GetUtcNow();
        // A clock that is far ahead would keep its truth for good: then it is the arrival that tells which was said last.
        List<GivenTruth> dated = [.. truths.Select(one => CaptureTime.IsPlausible(one.Truth.At, one.Source.At) ? one.Truth : one.Truth with { At = one.Source.At })];
        var refused = await store.WriteAsync(dated, cancellationToken);
        var writtenAt = time.GetUtcNow();
        foreach (var ((_, source), truth) in truths.Zip(dated))
        {
            var reason = refused.FirstOrDefault(one => ReferenceEquals(one.Truth, truth)).Reason;
            var problem = reason is null ? null : NotTaken(reason);
            spans.Record(source, batch: null, issuedAt, writtenAt, problem);
            if (problem is not null)
            {
                await RejectAsync(source.Record, problem, cancellationToken);
            }
            batch.Finish();
        }
        log.TruthsStored(truths.Count - refused.Count);
    }

    private async Task StoreAsync(List<ImageUpsert> upserts, CancellationToken cancellationToken)
    {
        var issuedAt = time.GetUtcNow();
        metrics.MoveStoring(upserts.Count);
        using var span = TracedBatch(upserts).Start(TelemetryNames.StoreBatch, issuedAt);
        var outcome = await store.WriteAsync(upserts, cancellationToken, issuedAt);
        var writtenAt = time.GetUtcNow();
        metrics.MoveStoring(-upserts.Count);
        metrics.RecordWrite(issuedAt, writtenAt);

        var refused = outcome.Refused
            .SelectMany(one => one.Upsert.Records.Select(record => (record.Received.Record.TopicPartitionOffset, one.Reason)))
            .ToDictionary(one => one.TopicPartitionOffset, one => NotTaken(one.Reason));
        List<Task> rejections = [];
        foreach (var (received, batch) in upserts.SelectMany(upsert => upsert.Records))
        {
            var problem = refused.Count == 0 ? null : refused.GetValueOrDefault(received.Record.TopicPartitionOffset);
            spans.Record(received, span, issuedAt, writtenAt, problem);
            if (problem is not null)
            {
                rejections.Add(RejectAsync(received.Record, problem, cancellationToken));
            }
            batch.Finish();
        }
        await Task.WhenAll(rejections);
        span?.SetTag(TelemetryNames.BatchSize, upserts.Count).End(writtenAt);
        Count(upserts, outcome);
    }

    /// <summary>The write goes on in the trace of a batch of which an image is traced, if there is one.</summary>
    private static ConsumedBatch TracedBatch(List<ImageUpsert> upserts)
    {
        foreach (var upsert in upserts)
        {
            foreach (var (_, batch) in upsert.Records)
            {
                if (batch.Taken.Trace != default)
                {
                    return batch.Taken;
                }
            }
        }
        return upserts[0].Records[0].Batch.Taken;
    }

    private static Problem NotTaken(string reason) => new(ProblemKind.Refused, $"MongoDB does not take it: {reason}");

    /// <summary>To the dead letters, unless inference reports it.</summary>
    /// <remarks>
    /// Inference reads the same images with the same parser, and says for both what cannot be read. Results, and what the store refuses,
    /// are ours to reject.
    /// </remarks>
    private Task RejectAsync(ConsumeResult<byte[], byte[]> record, Problem problem, CancellationToken cancellationToken)
    {
        if (record.Topic != topics.Images || problem.Kind == ProblemKind.Refused)
        {
            return deadLetters.SendAsync(record, problem, cancellationToken);
        }

        log.ImageSkipped(record.Topic, record.Partition.Value, record.Offset.Value, problem.Text);
        return Task.CompletedTask;
    }

    private void Count(List<ImageUpsert> upserts, WriteOutcome outcome)
    {
        var storedCount = upserts.Count(upsert => upsert.Image is not null) - outcome.Repeats.Count
            - outcome.Refused.Count(refused => refused.Upsert.Image is not null);
        var resultCount = upserts.Count(upsert => upsert.Result is not null);
        metrics.CountImages(storedCount, TelemetryNames.Stored);
        CountRepeats(outcome.Repeats.Count);
        if (outcome.RenamedCount > 0)
        {
            metrics.CountImages(outcome.RenamedCount, TelemetryNames.IdReused);
            log.ImagesRenamed(outcome.RenamedCount);
        }
        log.BatchStored(storedCount, resultCount);
    }

    private void CountRepeats(int count)
    {
        if (count > 0)
        {
            metrics.CountImages(count, TelemetryNames.Duplicate);
            log.ImagesRepeated(count);
        }
    }
}
