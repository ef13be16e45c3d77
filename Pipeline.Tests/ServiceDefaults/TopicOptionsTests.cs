using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Embedded.Tests.Support;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.ServiceDefaults;

/// <summary>What services make of the settings of topics and groups, each on its own.</summary>
[Trait("Speed", "slow")]
public sealed class TopicOptionsTests
{
    private const string Long = "a_name_of_eighty_two_letters_of_which_each_is_one_that_Kafka_takes_for_its_topics_";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Records_older_than_the_retention_go()
    {
        using var data = new TemporaryFolder();
        await using var broker = await ServerProcess.StartKafkaAsync(
            data.Path, "--auto.create.topics.enable", "false", "--log.retention.check.interval.ms", "50");
        await using var producer = await ServiceProcess.StartAsync(
            "Pipeline.Producer", ("ConnectionStrings__kafka", broker.Address), ("Topics__Results", "inferences"), ("Topics__Retention", "1h"),
            ("Cameras__Rate", "0.1"));
        using var client = new ProducerBuilder<Null, byte[]>(new ProducerConfig { BootstrapServers = broker.Address }).Build();
        var twoHoursAgo = new Timestamp(DateTime.UtcNow - TimeSpan.FromHours(2));

        var result = await client.ProduceAsync(
            "inferences", new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes("old"), Timestamp = twoHoursAgo });
        var letter = await client.ProduceAsync(
            "inferences.dlq", new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes("old"), Timestamp = twoHoursAgo });

        await Polling.UntilAsync(
            async () => await FirstAsync(broker.Address, result.TopicPartition) == 1, Limit, () => "the old result is still there");
        Assert.Equal(0, await FirstAsync(broker.Address, letter.TopicPartition));
    }

    [Theory]
    [InlineData("Topics__Results", "image_data", "each topic needs a name of its own")]
    [InlineData("Topics__Images", "image data", "1 to 249 letters")]
    [InlineData("Topics__Images", "", "1 to 249 letters")]
    [InlineData("Topics__Images", Long + Long + Long, "Topics:ImageDeadLetters is 'a_name_of_eighty_two_letters_of_which_ea…', 250 characters")]
    [InlineData("Groups__Inference", "", "1 to 249 characters")]
    [InlineData("Topics__Partitions", "many", "Topics:Partitions")]
    [InlineData("Groups__DbConsumer", "inference", "each group needs a name of its own")]
    public async Task A_service_refuses_names_that_do_not_do_in_one_line(string name, string value, string reason)
    {
        var ended = await ServiceProcess.RunAsync("Pipeline.Inference", [], ("ConnectionStrings__kafka", "127.0.0.1:1"), (name, value));

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(reason, Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static async Task<long> FirstAsync(string address, TopicPartition partition)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = address }).Build();
        var offsets = await admin.ListOffsetsAsync([new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Earliest() }]);
        return offsets.ResultInfos[0].TopicPartitionOffsetError.Offset.Value;
    }
}
