using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.ServiceDefaults;

public sealed class BatchConsumerTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    [Fact]
    public async Task A_batch_holds_what_is_queued_and_never_more_than_asked_for()
    {
        var topic = await CreateTopicAsync(records: 25);
        using var batches = Open("batches");
        batches.Subscribe(topic);

        var taken = new List<int>();
        while (taken.Sum() < 25)
        {
            taken.Add(batches.Take(10, Timeout()).Records.Count);
        }

        Assert.All(taken, count => Assert.InRange(count, 1, 10));
        Assert.True(taken.Count < 25, "every batch held a single record although 25 were there");
    }

    [Fact]
    public async Task Only_stored_offsets_are_committed()
    {
        var topic = await CreateTopicAsync(records: 10);
        using (var first = Open("stored"))
        {
            first.Subscribe(topic);
            first.StoreOffsets(new ConsumedBatch(TakeAll(first, 4)));
            TakeAll(first, 3);                               // taken and not done
            first.Close();
        }
        using var second = Open("stored");
        second.Subscribe(topic);

        Assert.Equal(4, second.Take(1, Timeout()).Records[0].Record.Offset.Value);
    }

    [Fact]
    public async Task A_wait_ends_when_the_service_stops()
    {
        var topic = await CreateTopicAsync(records: 0);
        using var batches = Open("stopping");
        batches.Subscribe(topic);
        using var stopping = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        Assert.ThrowsAny<OperationCanceledException>(() => batches.Take(10, stopping.Token));
    }

    private static CancellationToken Timeout() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    private static List<Received> TakeAll(BatchConsumer batches, int count)
    {
        List<Received> taken = [];
        while (taken.Count < count)
        {
            taken.AddRange(batches.Take(count - taken.Count, Timeout()).Records);
        }

        return taken;
    }

    private BatchConsumer Open(string group)
    {
        var settings = new Aspire.Confluent.Kafka.KafkaConsumerSettings();
        settings.ReadAs(group);
        settings.Config.BootstrapServers = kafka.Address;
        return new BatchConsumer(new ConsumerBuilder<byte[], byte[]>(settings.Config).Build(), group, AHost.Metrics(), TimeProvider.System,
            NullLogger<BatchConsumer>.Instance);
    }

    private async Task<string> CreateTopicAsync(int records)
    {
        var topic = $"batches-{Guid.NewGuid():N}";
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.Address }).Build();
        await admin.CreateTopicsAsync([new() { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }]);
        for (var i = 0; i < records; i++)
        {
            await kafka.SendAsync(topic, [(byte)i]);
        }

        return topic;
    }
}
