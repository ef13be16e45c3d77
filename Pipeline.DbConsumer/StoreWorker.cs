using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Messaging;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.DbConsumer;

/// <summary>
/// Stores captured images and what the model said of them, whichever of the two comes first.
/// At least once: offsets are stored only after the store has acknowledged the write, so a crash repeats work and never loses it.
/// Repeats are harmless because every write is keyed by image id.
/// </summary>
internal sealed class StoreWorker(BatchConsumer records, ImageStore store, DeadLetters deadLetters, ILogger<StoreWorker> log) : BackgroundService
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
                using var images = StartProcess(Topics.ImageData, batch);
                using var results = StartProcess(Topics.InferenceResults, batch);

                await StoreAsync(batch, stoppingToken);

                records.StoreOffsets(batch);                                    // only now may the broker forget them
                if (batch.Count >= BusyBatchRecords)
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

    private async Task StoreAsync(IReadOnlyList<ConsumeResult<byte[], byte[]>> records, CancellationToken cancellationToken)
    {
        var (batch, rejected) = ReadAll(records);
        var outcome = await store.WriteAsync(batch.Upserts, cancellationToken);

        foreach (var (record, problem) in rejected)
        {
            await deadLetters.SendAsync(record, problem, cancellationToken);
        }
        foreach (var (record, imageId) in batch.Conflicts.Concat(outcome.Conflicts.Select(upsert => (upsert.ImageRecord!, upsert.Id))))
        {
            var problem = new Problem(ProblemKind.DuplicateId, $"image id {Shortened(imageId)} is taken by another image, which stays");
            await deadLetters.SendAsync(record, problem, cancellationToken);
        }
        Count(batch, outcome);
    }

    /// <summary>Reads every record, and puts those of one image together.</summary>
    /// <remarks>
    /// An image that cannot be read is passed over here: inference reads the same topic with the same parser, and says so once for
    /// both. Only results, and ids that are used twice, are ours to reject.
    /// </remarks>
    private (ImageBatch Batch, List<(ConsumeResult<byte[], byte[]> Record, Problem Problem)> Rejected) ReadAll(
        IReadOnlyList<ConsumeResult<byte[], byte[]>> records)
    {
        var batch = new ImageBatch();
        List<(ConsumeResult<byte[], byte[]>, Problem)> rejected = [];
        foreach (var record in records)
        {
            var (value, contentType, time) = (record.Message.Value, record.ContentType(), record.Message.Timestamp.UtcDateTime);
            if (record.Topic == Topics.ImageData)
            {
                if (CapturedImage.Parse(value, contentType, time).IsRead(out var image, out var problem))
                {
                    batch.Add(image, record);
                }
                else
                {
                    log.ImageSkipped(record.Partition.Value, record.Offset.Value, problem.Text);
                }
            }
            else if (InferenceResult.Parse(value, contentType, time).IsRead(out var result, out var problem))
            {
                batch.Add(result);
            }
            else
            {
                rejected.Add((record, problem));
            }
        }
        return (batch, rejected);
    }

    private void Count(ImageBatch batch, WriteOutcome outcome)
    {
        var repeatCount = batch.RepeatCount + outcome.Repeats.Count;
        var storedCount = batch.Upserts.Count(upsert => upsert.Image is not null) - outcome.Repeats.Count - outcome.Conflicts.Count;
        var resultCount = batch.Upserts.Count(upsert => upsert.Result is not null);
        PipelineTelemetry.CountImages(storedCount, TelemetryNames.Stored);
        if (repeatCount > 0)
        {
            PipelineTelemetry.CountImages(repeatCount, TelemetryNames.Duplicate);
            log.ImagesRepeated(repeatCount);
        }
        log.BatchStored(storedCount, resultCount);
    }

    private static System.Diagnostics.Activity? StartProcess(string topic, IReadOnlyList<ConsumeResult<byte[], byte[]>> batch)
    {
        var records = batch.Where(record => record.Topic == topic).ToList();
        return records.Count == 0 ? null : MessagingSpans.StartProcess(topic, Topics.DbConsumerGroup, records);
    }

    private static string Shortened(string id) => id.Length <= 64 ? id : id[..64] + "…";
}
