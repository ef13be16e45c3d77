using Embedded.Kafka;
using Embedded.Kafka.Log;
using Embedded.Kafka.Wire;
using Embedded.Tests.Kafka.Apis;
using Embedded.Tests.Kafka.Wire;

namespace Embedded.Tests.Kafka.Log;

/// <summary>What clients see of a log that a crash has torn, or a disk has damaged.</summary>
public sealed class DamagedRestartTests : ABroker
{
    /// <summary>The records are as old as <see cref="ABatch.SomeTime"/>; a restart would drop them.</summary>
    internal override BrokerOptions Configure(BrokerOptions options) => options with { RetentionMs = -1 };

    [Fact]
    public async Task After_a_torn_tail_the_epoch_rises_and_clients_learn_where_the_old_one_ended()
    {
        await ProduceAsync(ABatch.Of("a", "b").Bytes);
        await RestartAsync(segment => File.AppendAllBytes(segment, new byte[500]), forgetCheckpoint: true);

        var topic = (await Client.AskAsync(Requests.Metadata, 11, Requests.ToMetadata(create: false, Topic))).Messages("topics").Single();
        var produced = await ProduceAsync(ABatch.Of("c").Bytes);
        var ended = (await Client.AskAsync(Requests.OffsetForLeaderEpoch, 4, Requests.ToOffsetForLeaderEpoch(Topic, 0, 0))).OnlyPartition();
        var parted = await FetchAsync(Requests.ToFetch(Topic, 0, 3, lastFetchedEpoch: 0));
        var fenced = await FetchAsync(Requests.ToFetch(Topic, 0, 0, currentEpoch: 0));
        var stored = RecordBatch.Read((byte[])(await FetchAsync(Requests.ToFetch(Topic, 0, 2)))["records"]!);

        Assert.Equal(1, topic.Messages("partitions").Single().Number("leader_epoch"));
        Assert.Equal((0, 2), (produced.Number("error_code"), produced.Number("base_offset")));
        Assert.Equal((0, 2), (ended.Number("leader_epoch"), ended.Number("end_offset")));
        Assert.Equal((0L, 2L), (((Message)parted["diverging_epoch"]!).Number("epoch"), ((Message)parted["diverging_epoch"]!).Number("end_offset")));
        Assert.Equal((long)ErrorCode.FencedLeaderEpoch, fenced.Number("error_code"));
        Assert.Equal(1, stored.LeaderEpoch);
    }

    [Fact]
    public async Task A_damaged_partition_is_offline_and_the_others_work()
    {
        await CreateAsync("whole");
        await ProduceAsync(ABatch.Of("a", "b").Bytes);
        await ProduceAsync(ABatch.Of("a").Bytes, "whole");
        await RestartAsync(
            segment =>
            {
                var bytes = File.ReadAllBytes(segment);
                bytes[16] = 9;
                File.WriteAllBytes(segment, bytes);
            },
            forgetCheckpoint: false);

        Assert.Equal((long)ErrorCode.KafkaStorageError, (await ProduceAsync(ABatch.Of("c").Bytes)).Number("error_code"));
        Assert.Equal((long)ErrorCode.KafkaStorageError, (await FetchAsync(Requests.ToFetch(Topic, 0, 0))).Number("error_code"));
        Assert.Equal((long)ErrorCode.NotLeaderOrFollower, (await FetchAsync(Requests.ToFetch(Topic, 0, 0), version: 5)).Number("error_code"));
        Assert.Equal(1, (await ProduceAsync(ABatch.Of("b").Bytes, "whole")).Number("base_offset"));
    }

    /// <summary>Stops, makes the stop look like a crash that left the topic's segment changed, and starts again.</summary>
    private async Task RestartAsync(Action<string> change, bool forgetCheckpoint)
    {
        var directory = Running.Broker.Topics.Find(Topic)!.Partitions[0].Directory;
        await Running.Broker.DisposeAsync();
        File.Delete(Path.Combine(Running.DataDirectory, "clean"));
        if (forgetCheckpoint)
        {
            File.Delete(Path.Combine(Running.DataDirectory, "flush.ckpt"));
        }

        change(Directory.GetFiles(directory, "*.log").Single());
        await Running.StartAgainAsync();
        await ReconnectAsync();
    }
}
