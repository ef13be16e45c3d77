using Embedded.Kafka;
using Embedded.Tests.Kafka.Apis;
using Embedded.Tests.Kafka.Wire;
using Embedded.Tests.Support;

namespace Embedded.Tests.Kafka.Log;

public sealed class RetentionTests : ABroker
{
    private const int BatchBytes = 1000;

    internal override BrokerOptions Configure(BrokerOptions options) => options with { RetentionCheckIntervalMs = 20 };

    [Fact]
    public async Task Old_segments_go_and_the_log_begins_after_them()
    {
        await CreateAsync("old", settings: [("segment.bytes", "3000"), ("retention.ms", "60000")]);
        for (var i = 0; i < 10; i++)
        {
            await ProduceAsync(ABatch.OfBytes(BatchBytes).At(ABatch.SomeTime).Bytes, "old");
        }

        await Eventually.TrueAsync(() => Running.Broker.Topics.Find("old")!.Partitions[0].Current.StartOffset == 10);

        var expired = await FetchAsync(Requests.ToFetch("old", 0, 3));
        Assert.Equal(1, expired.Number("error_code"));
        Assert.Equal(
            10, (await ProduceAsync(ABatch.Of("new").At(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).Bytes, "old")).Number("base_offset"));
        await Running.Broker.DisposeAsync();
        await Running.StartAgainAsync();
        await ReconnectAsync();
        Assert.Equal((10L, 11L), (Running.Broker.Topics.Find("old")!.Partitions[0].Current.StartOffset,
            Running.Broker.Topics.Find("old")!.Partitions[0].Current.EndOffset));
    }

    [Fact]
    public async Task A_log_over_its_size_loses_its_oldest_segments_only()
    {
        await CreateAsync("big", settings: [("segment.bytes", "3000"), ("retention.bytes", "5000")]);
        for (var i = 0; i < 20; i++)
        {
            await ProduceAsync(ABatch.OfBytes(BatchBytes).At(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).Bytes, "big");
        }

        var partition = Running.Broker.Topics.Find("big")!.Partitions[0];
        await Eventually.TrueAsync(() => partition.Current.Segments.Sum(segment => segment.Size) < 5000 + 3000);

        Assert.Equal(20, partition.Current.EndOffset);
        Assert.InRange(partition.Current.StartOffset, 10, 18);
        // Readers may still be in a segment that the log has given up: its file goes a moment later.
        await Eventually.TrueAsync(() => partition.Current.Segments.Length == Directory.GetFiles(partition.Directory, "*.log").Length);
    }
}
