using System.Text;
using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.Producer.Devices;

/// <summary>
/// Images that devices have posted, on their way to Kafka, by a client of their own: a camera of ours waits for a broker that is away for as long as
/// it takes, a device wants an answer soon, and one that is true: what was not taken does not come later.
/// </summary>
internal sealed class DeviceImages(
    [FromKeyedServices(DeviceImagesExtensions.Connection)] IProducer<byte[], byte[]> producer, TraceSampling sampling, PipelineMetrics metrics,
    TopicOptions topics,
    TimeProvider time) : IDisposable
{
    private readonly ImageSender _sender = new(producer, sampling, metrics, topics, time);

    /// <returns>What became of it; null where too many wait already.</returns>
    public Task<DeliveryReport<byte[], byte[]>?> TrySendAsync(CapturedImage image) =>
        // By the key's hash: nobody knows how many devices there are. Each keeps its partition, so that its images stay in order.
        _sender.TrySendAsync(new TopicPartition(topics.Images, Partition.Any), Encoding.UTF8.GetBytes(image.ProducerId), image, image.CapturedAt);

    public void Dispose() => _sender.Dispose();
}

/// <summary>Registers what takes pictures from devices.</summary>
internal static class DeviceImagesExtensions
{
    public const string Connection = "kafka";

    /// <summary>Less than the five seconds that small devices wait for an answer.</summary>
    private static readonly TimeSpan AcknowledgedWithin = TimeSpan.FromSeconds(3);

    public static void AddDeviceImages(this IHostApplicationBuilder builder)
    {
        builder.AddImpatientPipelineProducer(Connection, AcknowledgedWithin);
        builder.Services.AddSingleton<DeviceImages>();       // not made, nor its client, before the first picture is posted
    }
}
