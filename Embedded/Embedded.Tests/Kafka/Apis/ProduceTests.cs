using Embedded.Kafka.Wire;
using Embedded.Tests.Kafka.Wire;

namespace Embedded.Tests.Kafka.Apis;

public sealed class ProduceTests : ABroker
{
    [Fact]
    public async Task Batches_get_consecutive_offsets()
    {
        var first = await ProduceAsync(ABatch.Of("a", "b", "c").Bytes);
        var second = await ProduceAsync(ABatch.Of("d").Bytes);

        Assert.Equal((0, 0, -1, 0),
            (first.Number("error_code"), first.Number("base_offset"), first.Number("log_append_time_ms"), first.Number("log_start_offset")));
        Assert.Equal(3, second.Number("base_offset"));
    }

    [Fact]
    public async Task A_retry_is_answered_with_the_offset_it_has_and_stored_once()
    {
        var batch = ABatch.Of("a", "b").FromProducer(7).AtSequence(0).Bytes;

        var first = await ProduceAsync(batch.ToArray());
        var again = await ProduceAsync(batch.ToArray());
        var next = await ProduceAsync(ABatch.Of("c").FromProducer(7).AtSequence(2).Bytes);

        Assert.Equal((0L, 0L), (again.Number("error_code"), again.Number("base_offset")));
        Assert.Equal(first.Number("base_offset"), again.Number("base_offset"));
        Assert.Equal(2, next.Number("base_offset"));
    }

    [Fact]
    public async Task A_gap_in_the_sequence_is_refused()
    {
        await ProduceAsync(ABatch.Of("a").FromProducer(7).AtSequence(0).Bytes);

        var answer = await ProduceAsync(ABatch.Of("b").FromProducer(7).AtSequence(2).Bytes);

        Assert.Equal(((long)ErrorCode.OutOfOrderSequenceNumber, -1L), (answer.Number("error_code"), answer.Number("base_offset")));
    }

    [Theory]
    [InlineData("missing", 0)]
    [InlineData(Topic, 1)]
    [InlineData(Topic, -1)]
    public async Task An_unknown_partition_is_named(string topic, int partition)
    {
        var answer = await ProduceAsync(ABatch.Of("a").Bytes, topic, partition);

        Assert.Equal((long)ErrorCode.UnknownTopicOrPartition, answer.Number("error_code"));
    }

    [Fact]
    public async Task Null_records_are_invalid()
    {
        var answer = await Client.AskAsync(Requests.Produce, 9, Requests.ToProduce(Topic, 0, null));

        Assert.Equal((long)ErrorCode.InvalidRecord, answer.OnlyPartition().Number("error_code"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Versions_with_older_record_formats_are_refused_politely(short version)
    {
        var answer = await Client.AskAsync(Requests.Produce, version, Requests.ToProduce(Topic, 0, ABatch.Of("a").Bytes));

        Assert.Equal(
            ((long)ErrorCode.UnsupportedVersion, -1L), (answer.OnlyPartition().Number("error_code"), answer.OnlyPartition().Number("base_offset")));
    }

    [Fact]
    public async Task Acks_other_than_0_1_and_all_append_nothing()
    {
        var answer = await Client.AskAsync(Requests.Produce, 7, Requests.ToProduce(Topic, 0, ABatch.Of("a").Bytes, acks: 2));

        Assert.Equal((long)ErrorCode.InvalidRequiredAcks, answer.OnlyPartition().Number("error_code"));
        Assert.Equal(0, (await ProduceAsync(ABatch.Of("b").Bytes)).Number("base_offset"));
    }

    [Fact]
    public async Task Without_acks_there_is_no_answer_and_the_next_request_is_served()
    {
        await Client.SendAsync(Requests.Produce, 7, Requests.ToProduce(Topic, 0, ABatch.Of("a").Bytes, acks: 0));

        var next = await ProduceAsync(ABatch.Of("b").Bytes);

        Assert.Equal(1, next.Number("base_offset"));
    }

    [Fact]
    public async Task Without_acks_an_error_closes_the_connection()
    {
        await Client.SendAsync(Requests.Produce, 7, Requests.ToProduce("missing", 0, ABatch.Of("a").Bytes, acks: 0));

        Assert.Null(await Client.ReceiveFrameAsync());
    }

    [Fact]
    public async Task Log_append_time_is_the_brokers()
    {
        await CreateAsync("now", settings: ("message.timestamp.type", "LogAppendTime"));
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        var answer = await ProduceAsync(ABatch.Of("a").Bytes, "now");
        var fetched = (byte[])(await FetchAsync(Requests.ToFetch("now", 0, 0)))["records"]!;

        var stored = Embedded.Kafka.Log.RecordBatch.Read(fetched);
        Assert.InRange(answer.Number("log_append_time_ms"), before, before + 10_000);
        Assert.Equal(answer.Number("log_append_time_ms"), stored.MaxTimestamp);
        Assert.True(stored.IsLogAppendTime && Embedded.Kafka.Log.RecordBatch.HasGoodCrc(fetched));
    }

    [Fact]
    public async Task A_keyless_record_of_a_compacted_topic_is_named()
    {
        await CreateAsync("compacted", settings: ("cleanup.policy", "compact"));

        var answer = await ProduceAsync(ABatch.Of("a").With(null, [1]).Bytes, "compacted");

        Assert.Equal((long)ErrorCode.InvalidRecord, answer.Number("error_code"));
        Assert.Equal([1L], answer.Messages("record_errors").Select(error => error.Number("batch_index")));
    }
}
