using Embedded.Kafka;
using Embedded.Tests.Kafka.Apis;
using Embedded.Tests.Kafka.Wire;

namespace Embedded.Tests.Kafka.Log;

/// <summary>With flush.on.ack: acknowledged means on disk, and so does visible.</summary>
public sealed class FlushOnAckTests : ABroker
{
    internal override BrokerOptions Configure(BrokerOptions options) => options with { FlushOnAck = true, FlushIntervalMs = -1 };

    [Fact]
    public async Task An_acknowledged_record_is_flushed_and_visible()
    {
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(0, (await ProduceAsync(ABatch.Of("a").Bytes)).Number("error_code"));
            Assert.True(Running.Broker.Topics.Find(Topic)!.Partitions[0].FlushedOffset > i);
            Assert.Equal(i + 1, (await FetchAsync(Requests.ToFetch(Topic, 0, 0))).Number("high_watermark"));
        }
    }

    [Fact]
    public async Task A_waiting_fetch_is_completed_by_the_flush()
    {
        await using var producer = await KafkaSocket.ConnectAsync(Running.Broker.Port);
        var waiting = FetchAsync(Requests.ToFetch(Topic, 0, 0, maxWaitMs: 8000));

        await producer.AskAsync(Requests.Produce, 9, Requests.ToProduce(Topic, 0, ABatch.Of("a").Bytes));

        Assert.NotEmpty((byte[])(await waiting.WaitAsync(TimeSpan.FromSeconds(2)))["records"]!);
    }
}
