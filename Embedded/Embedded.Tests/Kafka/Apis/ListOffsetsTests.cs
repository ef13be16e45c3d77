using Embedded.Kafka.Wire;
using Embedded.Tests.Kafka.Wire;

namespace Embedded.Tests.Kafka.Apis;

/// <summary>ListOffsets and OffsetForLeaderEpoch.</summary>
public sealed class ListOffsetsTests : ABroker
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaxTimestamp = -3;
    private const long T0 = ABatch.SomeTime;

    [Fact]
    public async Task An_empty_log_begins_and_ends_at_zero_and_holds_no_time()
    {
        Assert.Equal((0, -1), await FindAsync(Latest));
        Assert.Equal((0, -1), await FindAsync(Earliest));
        Assert.Equal((-1, -1), await FindAsync(MaxTimestamp));
        Assert.Equal((-1, -1), await FindAsync(0));
    }

    [Fact]
    public async Task A_time_is_found_to_the_record()
    {
        await ProduceAsync(ABatch.Of().With("k", [1], 0).With("k", [2], 20).With("k", [3], 10).At(T0).Bytes);
        await ProduceAsync(ABatch.Of("later").At(T0 + 15).Bytes);

        Assert.Equal((0, T0), await FindAsync(0));
        Assert.Equal((0, T0), await FindAsync(T0));
        Assert.Equal((1, T0 + 20), await FindAsync(T0 + 1));
        Assert.Equal((1, T0 + 20), await FindAsync(T0 + 20));
        Assert.Equal((-1, -1), await FindAsync(T0 + 21));
        Assert.Equal((1, T0 + 20), await FindAsync(MaxTimestamp));
        Assert.Equal((4, -1), await FindAsync(Latest));
    }

    [Fact]
    public async Task A_compressed_batch_is_found_as_a_whole()
    {
        await ProduceAsync(ABatch.Of("a").At(T0).Bytes);
        await ProduceAsync(ABatch.Of("b", "c").With("k", [1], 50).WithAttributes(1).At(T0 + 100).Bytes);

        Assert.Equal((1, T0 + 100), await FindAsync(T0 + 100));
        Assert.Equal((1, T0 + 150), await FindAsync(T0 + 101));
        Assert.Equal((3, T0 + 150), await FindAsync(MaxTimestamp));
    }

    [Fact]
    public async Task A_time_is_found_across_segments_and_index_entries()
    {
        await CreateAsync("rolls", settings: ("segment.bytes", "300000"));
        for (var i = 0; i < 400; i++)
        {
            await ProduceAsync(ABatch.OfBytes(3000).At(T0 + (i * 10)).Bytes, "rolls");
        }

        foreach (var i in Enumerable.Range(0, 40).Select(step => step * 10))
        {
            Assert.Equal((i, T0 + (i * 10)), await FindAsync(T0 + (i * 10) - 5, topic: "rolls"));
        }
    }

    [Fact]
    public async Task Epochs_partitions_and_repetitions_are_checked()
    {
        var unknown = await Client.AskAsync(Requests.ListOffsets, 7, Requests.ToListOffsets("missing", 0, Latest));
        var fenced = await Client.AskAsync(Requests.ListOffsets, 7, Requests.ToListOffsets(Topic, 0, Latest, currentEpoch: 9));
        var strange = await Client.AskAsync(Requests.ListOffsets, 7, Requests.ToListOffsets(Topic, 0, -9));
        var twice = Requests.ToListOffsets(Topic, 0, Latest);
        var partitions = twice.Messages("topics").Single().List("partitions");
        partitions.Add(partitions[0]);

        var second = (await Client.AskAsync(Requests.ListOffsets, 7, twice)).Messages("topics").Single().Messages("partitions").Last();

        Assert.Equal((long)ErrorCode.UnknownTopicOrPartition, unknown.OnlyPartition().Number("error_code"));
        Assert.Equal((long)ErrorCode.UnknownLeaderEpoch, fenced.OnlyPartition().Number("error_code"));
        Assert.Equal((long)ErrorCode.UnsupportedVersion, strange.OnlyPartition().Number("error_code"));
        Assert.Equal((long)ErrorCode.InvalidRequest, second.Number("error_code"));
    }

    [Fact]
    public async Task The_newest_epoch_ends_at_the_log_end_and_a_later_one_is_unknown()
    {
        await ProduceAsync(ABatch.Of("a", "b").Bytes);

        var known = (await Client.AskAsync(Requests.OffsetForLeaderEpoch, 4, Requests.ToOffsetForLeaderEpoch(Topic, 0, 0))).OnlyPartition();
        var later = (await Client.AskAsync(Requests.OffsetForLeaderEpoch, 4, Requests.ToOffsetForLeaderEpoch(Topic, 0, 7))).OnlyPartition();

        Assert.Equal((0, 0, 2), (known.Number("error_code"), known.Number("leader_epoch"), known.Number("end_offset")));
        Assert.Equal((0, -1, -1), (later.Number("error_code"), later.Number("leader_epoch"), later.Number("end_offset")));
    }

    private async Task<(long Offset, long Timestamp)> FindAsync(long timestamp, string topic = Topic)
    {
        var answer = (await Client.AskAsync(Requests.ListOffsets, 7, Requests.ToListOffsets(topic, 0, timestamp))).OnlyPartition();
        Assert.Equal(0, answer.Number("error_code"));
        return (answer.Number("offset"), answer.Number("timestamp"));
    }
}
