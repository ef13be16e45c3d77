using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.EndToEnd;

/// <summary>The whole system on topics and in groups that are called otherwise.</summary>
[Trait("Speed", "slow")]
public sealed class OtherNamesTests
{
    private const int Images = 100;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Images_and_what_nobody_can_use_take_the_topics_and_groups_of_the_command_line()
    {
        await using var pipeline = await RunningPipeline.StartAsync(
            "--Topics:Images", "iot_images", "--Topics:Results", "inferences", "--Topics:ImageDeadLetters", "bad_images", "--Topics:Partitions", "3",
            "--Groups:Inference", "classifiers", "--Groups:DbConsumer", "writers", "--Producers", "2", "--Images", "50", "--Rate", "0", "--Echo",
            "true");
        using (var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = pipeline.Kafka }).Build())
        {
            await producer.ProduceAsync("iot_images", new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes("{\"ID\": 1}") });
        }

        await pipeline.StoredAsync(Images, Limit);

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = pipeline.Kafka }).Build();
        var topics = admin.GetMetadata(Limit).Topics.Where(topic => !topic.Topic.StartsWith("__", StringComparison.Ordinal));
        Assert.Equal(
            ["bad_images 1", "inferences 3", "inferences.dlq 1", "iot_images 3"],
            topics.Select(topic => string.Create(CultureInfo.InvariantCulture, $"{topic.Topic} {topic.Partitions.Count}"))
                .Order(StringComparer.Ordinal));
        await CommittedAsync(admin, "classifiers", "iot_images", Images + 1);
        await CommittedAsync(admin, "writers", "iot_images", Images + 1);
        await CommittedAsync(admin, "writers", "inferences", Images);
        JsonElement progress = default;
        await Polling.UntilAsync(
            async () => (progress = await pipeline.ProgressAsync()).GetProperty("deadLettered").GetInt64() == 1
                && progress.GetProperty("sent").GetInt64() == Images + 1,
            Limit, () => $"analytics says {progress}");
        Assert.Equal(1, pipeline.RecordsIn("bad_images"));
    }

    private static async Task CommittedAsync(IAdminClient admin, string group, string topic, long records)
    {
        TopicPartition[] partitions = [.. Enumerable.Range(0, 3).Select(partition => new TopicPartition(topic, partition))];
        var committed = 0L;
        await Polling.UntilAsync(
            async () =>
            {
                var offsets = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, [.. partitions])]);
                committed = offsets[0].Partitions.Sum(partition => Math.Max(0, partition.Offset.Value));
                return committed == records;
            },
            Limit, () => string.Create(CultureInfo.InvariantCulture, $"{group} has committed {committed} of {records} records of {topic}"));
    }
}
