using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Inference;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Inference;

public sealed class OffsetTrackerTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    private const string Topic = "offsets";

    [Fact]
    public async Task A_finished_batch_waits_for_those_taken_before_it()
    {
        await SendAsync(records: 9);
        using (var first = Open())
        using (var offsets = new OffsetTracker(first, capacity: 3))
        {
            var batches = Enumerable.Range(0, 3).Select(_ => TakeThree(first, offsets)).ToArray();
            FinishAll(offsets, batches[2]);
            FinishAll(offsets, batches[0]);                   // the second stays open
            first.Close();
        }

        using var second = Open();
        Assert.Equal(3, second.Take(1, Timeout()).Records[0].Record.Offset.Value);
    }

    private static void FinishAll(OffsetTracker offsets, OpenBatch batch)
    {
        foreach (var _ in batch.Taken.Records)
        {
            offsets.Finish(batch);
        }
    }

    private static OpenBatch TakeThree(BatchConsumer consumer, OffsetTracker offsets)
    {
        return offsets.Open(Consume, Timeout());

        ConsumedBatch Consume()
        {
            List<Received> records = [];
            while (records.Count < 3)
            {
                records.AddRange(consumer.Take(3 - records.Count, Timeout()).Records);
            }
            return new ConsumedBatch(records);
        }
    }

    private static CancellationToken Timeout() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    private BatchConsumer Open()
    {
        var settings = new Aspire.Confluent.Kafka.KafkaConsumerSettings();
        settings.ReadAs("offsets");
        settings.Config.BootstrapServers = kafka.Address;
        var consumer = new BatchConsumer(
            new ConsumerBuilder<byte[], byte[]>(settings.Config).Build(), "offsets", AHost.Metrics(), TimeProvider.System,
            NullLogger<BatchConsumer>.Instance);
        consumer.Subscribe(Topic);
        return consumer;
    }

    private async Task SendAsync(int records)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.Address }).Build();
        await admin.CreateTopicsAsync([new() { Name = Topic, NumPartitions = 1, ReplicationFactor = 1 }]);
        for (var i = 0; i < records; i++)
        {
            await kafka.SendAsync(Topic, [(byte)i]);
        }
    }
}
