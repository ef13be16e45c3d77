using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Outages;

/// <summary>A service was killed between a dead letter and the commit: its successor begins before the record, and the letter is there.</summary>
[Trait("Speed", "slow")]
public sealed class KilledBeforeCommitTests(KafkaFixture kafka, MongoDBFixture mongodb) : IClassFixture<KafkaFixture>, IClassFixture<MongoDBFixture>
{
    [Theory]
    [InlineData("Pipeline.Inference", Topics.ImageData, Topics.InferenceGroup)]
    [InlineData("Pipeline.DbConsumer", Topics.InferenceResults, Topics.DbConsumerGroup)]
    public async Task Every_bad_record_is_one_dead_letter(string project, string topic, string group)
    {
        TopicPartitionOffset first;
        await using (var killed = await StartAsync(project))
        {
            first = await kafka.SendAsync(topic, "nonsense"u8.ToArray());
            await kafka.DeadLetterOfAsync(await kafka.SendAsync(topic, "and nonsense next to it"u8.ToArray()));
            Assert.Equal(0, await killed.StopAsync());
        }
        CommitAgain(group, first);

        await using var successor = await StartAsync(project);
        await kafka.DeadLetterOfAsync(await kafka.SendAsync(topic, "new nonsense"u8.ToArray()));

        Assert.Equal(3, (await kafka.DeadLettersAsync(topic)).Count);
        Assert.Equal(0, await successor.StopAsync());
    }

    private Task<ServiceProcess> StartAsync(string project) => ServiceProcess.StartAsync(project,
        ("ConnectionStrings__kafka", kafka.Address), ("ConnectionStrings__image-database", mongodb.ConnectionString(mongodb.NewDatabase())));

    private void CommitAgain(string group, TopicPartitionOffset offset)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = kafka.Address, GroupId = group }).Build();
        consumer.Commit([offset]);
    }
}
