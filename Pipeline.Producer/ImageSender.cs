using System.Diagnostics;
using System.Threading.RateLimiting;
using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.Contracts.Pixels;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.Producer;

/// <summary>Hands images to Kafka, with a bound on how many wait for their acknowledgement, and counts. Here begins an image's trace.</summary>
internal sealed class ImageSender(
    IProducer<byte[], byte[]> producer, TraceSampling sampling, PipelineMetrics metrics, TopicOptions topics, TimeProvider time) : IDisposable
{
    /// <summary>Images handed over and not yet acknowledged: about 8 MB.</summary>
    internal const int MaxInFlight = 2500;

    /// <summary>Bytes of the files among them: pictures of real cameras may be large.</summary>
    internal const int MaxFileBytesInFlight = 32 * 1024 * 1024;

    private readonly MessagingOperation _sending = MessagingOperation.Send(metrics, topics.Images);

    private readonly SemaphoreSlim _free = new(MaxInFlight);
    private readonly ConcurrencyLimiter _fileBytes = new(new() { PermitLimit = MaxFileBytesInFlight, QueueLimit = int.MaxValue });
    private long _sent;
    private long _acknowledged;
    private long _failed;
    private string? _firstFailure;

    public long Sent => Volatile.Read(ref _sent);

    public long Acknowledged => Volatile.Read(ref _acknowledged);

    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Why the first of the failed ones failed.</summary>
    public string? FirstFailure => _firstFailure;

    /// <summary>Returns when the image is handed over; waits while too many are in flight.</summary>
    /// <param name="partition">Where to.</param>
    /// <param name="key">The producer's id.</param>
    /// <param name="image">The image.</param>
    /// <param name="scheduledAt">When it was due.</param>
    /// <param name="stoppingToken">Ends the wait.</param>
    public async ValueTask SendAsync(
        TopicPartition partition, byte[] key, CapturedImage image, DateTimeOffset scheduledAt, CancellationToken stoppingToken)
    {
        var bytes = image.Picture is Rgb24 ? null : await _fileBytes.AcquireAsync(BytesOf(image), stoppingToken);
        try
        {
            await _free.WaitAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            bytes?.Dispose();
            throw;
        }

        HandOver(partition, key, image, scheduledAt, bytes, delivered: null);
    }

    /// <summary>For who waits for the acknowledgement; hands nothing over, at once, where too much is in flight.</summary>
    /// <returns>Kafka's report, also of a failure; null where nothing was handed over.</returns>
    public async Task<DeliveryReport<byte[], byte[]>?> TrySendAsync(
        TopicPartition partition, byte[] key, CapturedImage image, DateTimeOffset scheduledAt)
    {
        var bytes = _fileBytes.AttemptAcquire(BytesOf(image));
        if (!bytes.IsAcquired || !_free.Wait(0))
        {
            bytes.Dispose();
            return null;
        }

        var delivered = new TaskCompletionSource<DeliveryReport<byte[], byte[]>>(TaskCreationOptions.RunContinuationsAsynchronously);
        HandOver(partition, key, image, scheduledAt, bytes, delivered);
        return await delivered.Task;
    }

    private static int BytesOf(CapturedImage image) => Math.Min(image.Picture.Data.Length, MaxFileBytesInFlight);

    /// <param name="bytes">The room that it takes, of <see cref="_fileBytes"/>.</param>
    /// <param name="delivered">Told what became of it.</param>
    private void HandOver(
        TopicPartition partition, byte[] key, CapturedImage image, DateTimeOffset scheduledAt, RateLimitLease? bytes,
        TaskCompletionSource<DeliveryReport<byte[], byte[]>>? delivered)
    {
        var value = image.Write();
        var sentAt = time.GetUtcNow();
        var headers = RecordHeaders.Protobuf();
        ImageHeaders.Write(headers, image.Id, key, image.CapturedAt, scheduledAt, sentAt);
        var span = StartSend(image, scheduledAt, sentAt);
        if (span is not null)
        {
            TraceContext.Inject(span, headers);
        }
        else
        {
            TraceContext.InjectNotRecorded(headers);
        }

        metrics.Record(Stage.ScheduleLag, scheduledAt, image.CapturedAt);
        metrics.Record(Stage.Prepare, image.CapturedAt, sentAt);
        Activity.Current = null;                             // the span goes on without this thread
        var message = new Message<byte[], byte[]> { Key = key, Value = value, Headers = headers };
        try
        {
            producer.Produce(partition, message, report =>
            {
                Acknowledge(report, image, sentAt, span);
                Release(bytes);
                delivered?.SetResult(report);
            });
        }
        catch (KafkaException)
        {
            Release(bytes);                                  // nothing will be acknowledged
            throw;
        }

        Interlocked.Increment(ref _sent);
        metrics.Move(Stage.BrokerImages, 1);
    }

    /// <summary>The image's first two spans, unless this trace is not recorded.</summary>
    private Activity? StartSend(CapturedImage image, DateTimeOffset scheduledAt, DateTimeOffset sentAt)
    {
        if (!sampling.Next())
        {
            return null;
        }

        var capture = PipelineTelemetry.Start(TelemetryNames.CaptureImage, ActivityKind.Internal, parent: default, scheduledAt);
        if (capture is null)
        {
            return null;
        }

        capture.AddTag(TelemetryNames.ImageId, image.Id)
            .AddTag(TelemetryNames.ProducerId, image.ProducerId)
            .AddTag(TelemetryNames.ScheduleLag, (object)(image.CapturedAt - scheduledAt).TotalSeconds)
            .End(sentAt);
        return _sending.Start(capture.Context, sentAt)?.AddTag(TelemetryNames.MessageKey, image.ProducerId);
    }

    /// <summary>Runs on the client's thread.</summary>
    private void Acknowledge(DeliveryReport<byte[], byte[]> report, CapturedImage image, DateTimeOffset sentAt, Activity? span)
    {
        var now = time.GetUtcNow();
        metrics.Move(Stage.BrokerImages, -1);
        Activity.Current = span;
        var errorType = report.Error.IsError ? report.Error.Code.ToString() : null;
        _sending.Record(sentAt, now, errorType: errorType);
        if (errorType is not null)
        {
            Interlocked.CompareExchange(ref _firstFailure, report.Error.Reason, null);
            Interlocked.Increment(ref _failed);
            span?.Fail(errorType, report.Error.Reason);
        }
        else
        {
            Interlocked.Increment(ref _acknowledged);
        }
        if (span is not null)
        {
            RecordSpans.Describe(span, image.Id, report.Partition, report.Offset);
            span.End(now);
        }
    }

    private void Release(RateLimitLease? bytes)
    {
        bytes?.Dispose();
        _free.Release();
    }

    /// <summary>Waits until every image handed over is acknowledged or has failed.</summary>
    public async Task DrainAsync(CancellationToken giveUp)
    {
        for (var i = 0; i < MaxInFlight; i++)
        {
            await _free.WaitAsync(giveUp);
        }

        _free.Release(MaxInFlight);
    }

    public void Dispose()
    {
        _free.Dispose();
        _fileBytes.Dispose();
    }
}
