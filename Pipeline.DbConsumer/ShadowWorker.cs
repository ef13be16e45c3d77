using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.DbConsumer;

/// <summary>
/// Stores what a shadow model said, at its own pace and in a group of its own: some seconds after the images, whose documents are there by then.
/// Nobody waits for it, and it waits for nobody long. What cannot be used is passed over with a line in the log.
/// </summary>
/// <remarks>At least once, as everything: offsets are stored after the write, and the same result again changes nothing.</remarks>
internal sealed class ShadowWorker(
    [FromKeyedServices("kafka")] BatchConsumer results, ShadowStore store, TopicOptions topics, TimeProvider time, ILogger<ShadowWorker> log)
    : BackgroundService
{
    private const int MaxBatchRecords = 1_000;

    /// <summary>From a result to its writing: longer than an image waits that gets no prediction, so that one write an image is enough
    /// unless inference is far behind.</summary>
    private static readonly TimeSpan Settling = PendingImages.Patience + TimeSpan.FromSeconds(1);

    /// <summary>
    /// For so long images that are not there yet are waited for, which db-consumer is behind with. Older ones were stored long ago, or will never be.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            results.Subscribe(topics.Shadow!);
            while (true)
            {
                var batch = results.Take(MaxBatchRecords, stoppingToken);
                await StoreAsync(batch, stoppingToken);
                results.StoreOffsets(batch);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is not stored yet stays in Kafka.
        }
        catch (Exception failure)
        {
            log.ShadowFailed(failure);                       // and no more: images go on
        }
        finally
        {
            results.Close();
        }
    }

    private async Task StoreAsync(ConsumedBatch batch, CancellationToken cancellationToken)
    {
        var open = Read(batch);
        var dueIn = batch.Records.Max(record => record.Time()) + Settling - time.GetUtcNow();
        if (dueIn > TimeSpan.Zero)
        {
            await Task.Delay(dueIn < Settling ? dueIn : Settling, time, cancellationToken);
        }

        var giveUpAt = time.GetUtcNow() + Patience;
        while ((open = await store.WriteAsync(open, cancellationToken)).Any(IsYoung) && time.GetUtcNow() < giveUpAt)
        {
            await Task.Delay(Pause, time, cancellationToken);
        }

        if (open.Count > 0)
        {
            log.ShadowsWithoutImage(open.Count, open[0].ImageId);
        }
    }

    /// <summary>Of two results for an image the last one counts.</summary>
    private IReadOnlyList<InferenceResult> Read(ConsumedBatch batch)
    {
        var read = new Dictionary<(string, ImageDigest), InferenceResult>();
        foreach (var received in batch.Records)
        {
            if (Read(received).IsRead(out var result, out var problem) && result.ImageDigest is { } digest)
            {
                read[(result.ImageId, digest)] = result;
            }
            else
            {
                var reason = problem?.Text ?? "it does not say which image it is of";
                log.ShadowSkipped(received.Record.Topic, received.Record.Partition.Value, received.Record.Offset.Value, reason);
            }
        }

        return [.. read.Values];
    }

    private static Parsed<InferenceResult> Read(Received received) => received.Unreadable is { } unreadable
        ? unreadable
        : InferenceResult.Parse(received.Record.Message.Value, received.Record.ContentType(), received.Time());

    private static bool IsYoung(InferenceResult result) => result.CapturedAt is not { } capturedAt || result.InferredAt - capturedAt < Patience;
}
