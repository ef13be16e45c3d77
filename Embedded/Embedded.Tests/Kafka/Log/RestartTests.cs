using Embedded.Tests.Kafka.Apis;
using Embedded.Tests.Kafka.Wire;

namespace Embedded.Tests.Kafka.Log;

public sealed class RestartTests : ABroker
{
    [Fact]
    public async Task Topics_records_settings_and_the_cluster_id_are_there_after_an_orderly_stop()
    {
        await CreateAsync("kept", 3, ("retention.ms", "-1"), ("max.message.bytes", "2000000"));
        await ProduceAsync(ABatch.Of("a", "b").Bytes, "kept", 2);
        var (id, cluster) = (Running.Broker.Topics.Find("kept")!.Id, Running.Broker.ClusterId);

        await Running.Broker.DisposeAsync();
        await Running.StartAgainAsync();
        await ReconnectAsync();

        var topic = Running.Broker.Topics.Find("kept")!;
        Assert.Equal((id, cluster, 3, 2_000_000), (topic.Id, Running.Broker.ClusterId, topic.Partitions.Length, topic.Config.MaxMessageBytes));
        Assert.Equal(2, (await ProduceAsync(ABatch.Of("c").Bytes, "kept", 2)).Number("base_offset"));
        Assert.Equal(3, (await FetchAsync(Requests.ToFetch("kept", 2, 0))).Number("high_watermark"));
    }
}
