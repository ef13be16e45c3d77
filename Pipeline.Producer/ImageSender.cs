using System.Diagnostics;
using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Messaging;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.Producer;

/// <summary>Hands images to Kafka, with a bound on how many wait for their acknowledgement, and counts.</summary>
internal sealed class ImageSender(IProducer<byte[], byte[]> producer) : IDisposable
{
    /// <summary>Images handed over and not yet acknowledged: about 8 MB.</summary>
    private const int MaxInFlight = 2500;

    private readonly SemaphoreSlim _free = new(MaxInFlight);
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
    public async ValueTask SendAsync(TopicPartition partition, byte[] key, CapturedImage image, CancellationToken stopping)
    {
        await _free.WaitAsync(stopping);
        var span = MessagingSpans.StartSend(partition.Topic, startedAt: image.CapturedAt);
        span?.SetTag(TelemetryNames.MessageId, image.Id).SetTag(TelemetryNames.ProducerId, image.ProducerId);
        var headers = RecordHeaders.Protobuf();
        TraceContext.Inject(span, headers);
        var message = new Message<byte[], byte[]> { Key = key, Value = image.Write(), Headers = headers };
        producer.Produce(partition, message, report => Acknowledge(report.Error, span));
        Interlocked.Increment(ref _sent);
    }

    /// <summary>Waits until every image handed over is acknowledged or has failed.</summary>
    public async Task DrainAsync(CancellationToken giveUp)
    {
        for (var i = 0; i < MaxInFlight; i++)
            await _free.WaitAsync(giveUp);
        _free.Release(MaxInFlight);
    }

    private void Acknowledge(Error error, Activity? span)
    {
        if (error.IsError)
        {
            Interlocked.CompareExchange(ref _firstFailure, error.Reason, null);
            Interlocked.Increment(ref _failed);
            span?.SetStatus(ActivityStatusCode.Error, error.Reason).SetTag(TelemetryNames.ErrorType, error.Code.ToString());
        }
        else
        {
            Interlocked.Increment(ref _acknowledged);
        }
        span?.Dispose();
        _free.Release();
    }

    public void Dispose() => _free.Dispose();
}
