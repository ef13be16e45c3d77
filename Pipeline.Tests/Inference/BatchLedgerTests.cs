using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Inference;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Inference;

public sealed class BatchLedgerTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    private const string Topic = "ledger";

    [Fact]
    public async Task A_finished_batch_waits_for_those_taken_before_it()
    {
        await SendAsync(records: 9);
        using (var first = Open())
        using (var ledger = new BatchLedger(first, capacity: 3))
        {
            var batches = Enumerable.Range(0, 3).Select(_ => TakeThree(first, ledger)).ToArray();
            FinishAll(ledger, batches[2]);
            FinishAll(ledger, batches[0]);                   // the second stays open
            first.Close();
        }

        using var second = Open();
        Assert.Equal(3, second.Take(1, Timeout()).Records[0].Record.Offset.Value);
    }

    private static void FinishAll(BatchLedger ledger, ImageBatch batch)
    {
        foreach (var _ in batch.Taken.Records)
        {
            ledger.Finish(batch);
        }
    }

    private static ImageBatch TakeThree(BatchConsumer consumer, BatchLedger ledger)
    {
        ledger.WaitForRoom(Timeout());
        List<Received> records = [];
        while (records.Count < 3)
        {
            records.AddRange(consumer.Take(3 - records.Count, Timeout()).Records);
        }

        var batch = new ImageBatch(new TakenBatch(records));
        ledger.Add(batch);
        return batch;
    }

    private static CancellationToken Timeout() => new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    private BatchConsumer Open()
    {
        var settings = new Aspire.Confluent.Kafka.KafkaConsumerSettings();
        settings.ReadAs("ledger");
        settings.Config.BootstrapServers = kafka.Address;
        var consumer = new BatchConsumer(
            new ConsumerBuilder<byte[], byte[]>(settings.Config).Build(), "ledger", TimeProvider.System, NullLogger<BatchConsumer>.Instance);
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
