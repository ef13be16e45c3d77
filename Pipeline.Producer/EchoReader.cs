using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Options;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.Producer;

/// <summary>
/// Reads the predictions of this producer's own images as they come back: from shutter to prediction on one clock. Only where
/// <see cref="ProducerOptions.Echo"/> asks for it, because every prediction is read once more.
/// </summary>
internal sealed class EchoReader(
    IConsumer<byte[], byte[]> consumer, RecordSpans spans, PipelineMetrics metrics, TimeProvider time, TopicOptions topics,
    IOptions<ProducerOptions> options) : BackgroundService
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private readonly MessagingOperation _processing = MessagingOperation.Process(metrics, topics.Results, groupId: null);

    private readonly HashSet<string> _cameras = [.. options.Value.CameraNames()];

    private readonly TaskCompletionSource _enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _wanted = long.MaxValue;
    private long _read;

    /// <summary>Predictions read.</summary>
    public long Read => Volatile.Read(ref _read);

    /// <summary>Returns when that many predictions are read. For one caller.</summary>
    public Task WaitForAsync(long count, CancellationToken giveUp)
    {
        Interlocked.Exchange(ref _wanted, count);
        if (Read >= count)
        {
            _enough.TrySetResult();
        }

        return _enough.Task.WaitAsync(giveUp);
    }

    /// <summary>Begins at the end of the topic, before the first image is sent: no group, no offsets, nothing of earlier runs.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.Run(AssignAll, cancellationToken);        // the client's calls block their thread
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => ReadAll(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void AssignAll() => consumer.Assign(consumer.Partitions(topics.Results)
        .Select(partition => new TopicPartitionOffset(partition, consumer.QueryWatermarkOffsets(partition, AnswerWithin).High)));

    private void ReadAll(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                Take(consumer.Consume(stoppingToken));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
        finally
        {
            consumer.Close();
        }
    }

    private void Take(ConsumeResult<byte[], byte[]> record)
    {
        var received = new Received(record, time.GetUtcNow());
        var headers = record.Message.Headers;
        if (headers.Text(ImageHeaders.ProducerId) is not { } producer || !_cameras.Contains(producer))
        {
            return;
        }

        var span = spans.StartProcess(_processing, received, batch: null);
        if (headers.Instant(ImageHeaders.ScheduledAt) is { } scheduledAt)
        {
            metrics.RecordImage(TelemetryNames.Predicted, scheduledAt, received.At);
        }

        var now = time.GetUtcNow();
        _processing.Record(received.At, now);
        span?.End(now);
        if (Interlocked.Increment(ref _read) >= Volatile.Read(ref _wanted))
        {
            _enough.TrySetResult();
        }
    }
}

/// <summary>Registers the echo reader.</summary>
internal static class EchoReaderExtensions
{
    public static void AddEchoReader(this IHostApplicationBuilder builder, string connectionName)
    {
        builder.AddKafkaConsumer<byte[], byte[]>(connectionName, settings =>
        {
            settings.ReadAs("producer-echo");                // the client wants a name; there is no group
            settings.Config.EnableAutoCommit = false;
        });
        builder.Services.AddSingleton<EchoReader>().AddHostedService(services => services.GetRequiredService<EchoReader>());
    }
}
