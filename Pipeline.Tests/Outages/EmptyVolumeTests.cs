using System.Text;
using Confluent.Kafka;
using Embedded.Tests.Support;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.Contracts.Pixels;
using Pipeline.Producer;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Outages;

/// <summary>A broker that comes back without anything that it had.</summary>
[Trait("Speed", "slow")]
public sealed class EmptyVolumeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Topics_come_again_with_their_partitions_and_images_are_classified_on()
    {
        using var data = new TemporaryFolder();
        await using var broker = await ServerProcess.StartKafkaAsync(data.Path, "--auto.create.topics.enable", "false");
        await using var inference = await ServiceProcess.StartAsync("Pipeline.Inference", ("ConnectionStrings__kafka", broker.Address));
        for (var i = 0; i < 5; i++)
        {
            await ClassifyAsync(broker, $"before {i}");
        }

        await broker.KillAsync();
        Directory.Delete(data.Path, recursive: true);
        Directory.CreateDirectory(data.Path);
        await broker.RestartAsync();

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Address }).Build();
        await Polling.UntilAsync(
            () =>
                Task.FromResult(PartitionCounts(admin) is var counts
                    && new TopicOptions().All().All(topic => counts.GetValueOrDefault(topic.Name) == topic.PartitionCount)),
            Limit, () => inference.Transcript);
        await ClassifyAsync(broker, "after");
    }

    private static Dictionary<string, int> PartitionCounts(IAdminClient admin) =>
        admin.GetMetadata(Limit).Topics.ToDictionary(topic => topic.Topic, topic => topic.Partitions.Count);

    /// <summary>Sends an image and waits for its result.</summary>
    private static async Task ClassifyAsync(ServerProcess broker, string id)
    {
        var pictures = Cifar10.Load(Cifar10Folders.Sample);
        var image = CapturedImage.Of(
            id, "camera-1", pictures.Label(0), DateTimeOffset.UtcNow, new Rgb24(Rgb24.ImageWidth, Rgb24.ImageHeight, pictures.Pixels(0).ToArray()));
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = broker.Address }).Build();
        var headers = new Headers { { MessageEncoding.Header, Encoding.UTF8.GetBytes(MessageEncoding.Protobuf) } };
        await producer.ProduceAsync(Topics.ImageData, new Message<byte[], byte[]> { Key = [1], Value = image.Write(), Headers = headers });
        await Polling.UntilAsync(
            async () => (await TopicReader.ReadAllAsync(broker.Address, Topics.InferenceResults))
                .Any(record => Encoding.UTF8.GetString(record.Message.Key) == id),
            Limit, () => $"no result of {id}");
    }
}
