using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.DbConsumer;

/// <summary>
/// Stores captured images and what the model said of them, whichever of the two comes first.
/// At least once: offsets are stored only after the store has acknowledged the write, so a crash repeats work and never loses it.
/// Repeats are harmless because every write is keyed by image id, and dead letters by their record.
/// </summary>
internal sealed class StoreWorker(
    BatchConsumer records, ImageStore store, DeadLetters deadLetters, StoreSpans spans, StoreMetrics metrics, TimeProvider time, ILogger<StoreWorker> log)
    : BackgroundService
{
    /// <summary>Some 4 MB of images: large enough that a bulk write's fixed cost vanishes, small enough to hold and to repeat.</summary>
    private const int MaxBatchRecords = 1_000;

    /// <summary>A batch of this size says that records come faster than single writes would take them.</summary>
    private const int BusyBatchRecords = 16;

    // Then a moment's wait makes the next batch worth its commit, which writes whole pages however little is on them.
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            records.Subscribe(Topics.ImageData, Topics.InferenceResults);
            while (true)
            {
                var batch = records.Take(MaxBatchRecords, stoppingToken);      // waits for one, then takes what is there

                await StoreAsync(batch, stoppingToken);

                records.StoreOffsets(batch);                                    // only now may the broker forget them
                if (batch.Records.Count >= BusyBatchRecords)
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

    private async Task StoreAsync(ConsumedBatch taken, CancellationToken cancellationToken)
    {
        var (batch, refused) = ReadAll(taken.Records);
        var issuedAt = time.GetUtcNow();
        metrics.MoveStoring(taken.Records.Count);
        using var span = taken.Start(TelemetryNames.StoreBatch, issuedAt);
        var outcome = await store.WriteAsync(batch.Upserts, cancellationToken, issuedAt);
        var writtenAt = time.GetUtcNow();
        metrics.MoveStoring(-taken.Records.Count);
        metrics.RecordWrite(issuedAt, writtenAt);

        foreach (var (upsert, reason) in outcome.Refused)
        {
            foreach (var record in (ConsumeResult<byte[], byte[]>?[])[upsert.ImageRecord, upsert.ResultRecord])
            {
                if (record is not null)
                {
                    refused[record.TopicPartitionOffset] = new Problem(ProblemKind.Refused, $"MongoDB does not take it: {reason}");
                }
            }
        }
        List<Task> rejections = [];
        foreach (var received in taken.Records)
        {
            var problem = refused.Count == 0 ? null : refused.GetValueOrDefault(received.Record.TopicPartitionOffset);
            spans.Record(received, span, issuedAt, writtenAt, problem);
            if (problem is not null)
            {
                rejections.Add(RejectAsync(received.Record, problem, cancellationToken));
            }
        }
        await Task.WhenAll(rejections);
        span?.SetTag(TelemetryNames.BatchSize, batch.Upserts.Count).End(writtenAt);
        Count(batch, outcome);
    }

    /// <summary>To the dead letters, unless inference reports it.</summary>
    /// <remarks>
    /// Inference reads the same images with the same parser, and says for both what cannot be read. Results, and what the store refuses,
    /// are ours to reject.
    /// </remarks>
    private Task RejectAsync(ConsumeResult<byte[], byte[]> record, Problem problem, CancellationToken cancellationToken)
    {
        if (record.Topic != Topics.ImageData || problem.Kind == ProblemKind.Refused)
        {
            return deadLetters.SendAsync(record, problem, cancellationToken);
        }

        log.ImageSkipped(record.Partition.Value, record.Offset.Value, problem.Text);
        return Task.CompletedTask;
    }

    /// <summary>Reads every record, puts those of one image together, and says which cannot be read.</summary>
    private static (ImageBatch Batch, Dictionary<TopicPartitionOffset, Problem> Refused) ReadAll(IReadOnlyList<Received> taken)
    {
        var batch = new ImageBatch();
        Dictionary<TopicPartitionOffset, Problem> refused = [];
        foreach (var received in taken)
        {
            var record = received.Record;
            var (value, contentType, time) = (record.Message.Value, record.ContentType(), received.Time());
            Problem? problem;
            if (received.Unreadable is { } unreadable)
            {
                problem = unreadable;
            }
            else if (record.Topic == Topics.ImageData)
            {
                if (CapturedImage.Parse(value, contentType, time).IsRead(out var image, out problem))
                {
                    batch.Add(image, record);
                }
            }
            else if (InferenceResult.Parse(value, contentType, time).IsRead(out var result, out problem))
            {
                batch.Add(result, record);
            }
            if (problem is not null)
            {
                refused[record.TopicPartitionOffset] = problem;
            }
        }
        return (batch, refused);
    }

    private void Count(ImageBatch batch, WriteOutcome outcome)
    {
        var repeatCount = batch.RepeatCount + outcome.Repeats.Count;
        var storedCount = batch.Upserts.Count(upsert => upsert.Image is not null) - outcome.Repeats.Count
            - outcome.Refused.Count(refused => refused.Upsert.Image is not null);
        var resultCount = batch.Upserts.Count(upsert => upsert.Result is not null);
        metrics.CountImages(storedCount, TelemetryNames.Stored);
        if (repeatCount > 0)
        {
            metrics.CountImages(repeatCount, TelemetryNames.Duplicate);
            log.ImagesRepeated(repeatCount);
        }
        if (outcome.RenamedCount > 0)
        {
            metrics.CountImages(outcome.RenamedCount, TelemetryNames.IdReused);
            log.ImagesRenamed(outcome.RenamedCount);
        }
        log.BatchStored(storedCount, resultCount);
    }
}
