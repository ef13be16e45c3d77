using Embedded.Kafka.Log;
using Embedded.Kafka.Wire;
using Embedded.Tests.Kafka.Wire;
using Embedded.Tests.Support;

namespace Embedded.Tests.Kafka.Apis;

public sealed class FetchTests : ABroker
{
    public static TheoryData<short> Versions => [.. Enumerable.Range(4, 9).Select(version => (short)version)];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Every_version_returns_the_batches_as_stored(short version)
    {
        await ProduceAsync(ABatch.Of("a").Bytes);
        await ProduceAsync(ABatch.Of("b", "c").Bytes);

        var answer = await FetchAsync(Requests.ToFetch(Topic, 0, 0), version);

        Assert.Equal((0L, 3L), (answer.Number("error_code"), answer.Number("high_watermark")));
        Assert.Equal([0, 1], Offsets(answer));
    }

    [Fact]
    public async Task A_fetch_inside_a_batch_begins_with_that_batch()
    {
        await ProduceAsync(ABatch.Of("a", "b", "c").Bytes);
        await ProduceAsync(ABatch.Of("d").Bytes);

        Assert.Equal([0, 3], Offsets(await FetchAsync(Requests.ToFetch(Topic, 0, 2))));
        Assert.Equal([3], Offsets(await FetchAsync(Requests.ToFetch(Topic, 0, 3))));
    }

    [Fact]
    public async Task Fetch_at_the_log_end_is_empty_and_past_it_out_of_range()
    {
        await ProduceAsync(ABatch.Of("a").Bytes);

        var end = await FetchAsync(Requests.ToFetch(Topic, 0, 1));
        var past = await FetchAsync(Requests.ToFetch(Topic, 0, 2));
        var before = await FetchAsync(Requests.ToFetch(Topic, 0, -1));

        Assert.Equal((0L, 1L), (end.Number("error_code"), end.Number("high_watermark")));
        Assert.Empty((byte[])end["records"]!);
        Assert.Equal(((long)ErrorCode.OffsetOutOfRange, -1L), (past.Number("error_code"), past.Number("high_watermark")));
        Assert.Equal((long)ErrorCode.OffsetOutOfRange, before.Number("error_code"));
    }

    [Fact]
    public async Task Fetch_at_the_log_end_waits_for_the_next_append()
    {
        await using var producer = await KafkaSocket.ConnectAsync(Running.Broker.Port);
        var waiting = FetchAsync(Requests.ToFetch(Topic, 0, 0, maxWaitMs: 8000));
        await Task.WhenAny(waiting, Task.Delay(100));
        Assert.False(waiting.IsCompleted);

        await producer.AskAsync(Requests.Produce, 9, Requests.ToProduce(Topic, 0, ABatch.Of("a").Bytes));
        var answer = await waiting.WaitAsync(TimeSpan.FromSeconds(2));

        Assert.Equal([0], Offsets(answer));
    }

    [Fact]
    public async Task Fetch_waits_until_there_is_as_much_as_it_asked_for()
    {
        await using var producer = await KafkaSocket.ConnectAsync(Running.Broker.Port);
        var waiting = FetchAsync(Requests.ToFetch(Topic, 0, 0, maxWaitMs: 8000, minBytes: 1500));

        await producer.AskAsync(Requests.Produce, 9, Requests.ToProduce(Topic, 0, ABatch.OfBytes(1000).Bytes));
        await Task.WhenAny(waiting, Task.Delay(100));
        Assert.False(waiting.IsCompleted);
        await producer.AskAsync(Requests.Produce, 9, Requests.ToProduce(Topic, 0, ABatch.OfBytes(1000).Bytes));

        Assert.Equal([0, 1], Offsets(await waiting.WaitAsync(TimeSpan.FromSeconds(2))));
    }

    [Fact]
    public async Task A_waiting_fetch_is_answered_when_its_time_is_up()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();

        var answer = await FetchAsync(Requests.ToFetch(Topic, 0, 0, maxWaitMs: 150));

        Assert.InRange(clock.ElapsedMilliseconds, 140, 2000);
        Assert.Equal(0, answer.Number("error_code"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5_110)]
    [InlineData(5_119)]
    [InlineData(300_000)]
    public async Task A_waiting_fetch_is_answered_on_time_however_long_it_may_wait(int maxWaitMs)
    {
        var time = new FakeTimeProvider();
        await using var running = await RunningBroker.StartAsync(time: time);
        await using var client = await KafkaSocket.ConnectAsync(running.Broker.Port);
        await client.AskAsync(Requests.CreateTopics, 4, Requests.ToCreateTopic(Topic, 1));
        var waiting = client.AskAsync(Requests.Fetch, 12, Requests.ToFetch(Topic, 0, 0, maxWaitMs: maxWaitMs));
        await Eventually.TrueAsync(() => running.Broker.Topics.Find(Topic)!.Partition(0)!.Waiters.Count == 1);

        time.Advance(TimeSpan.FromMilliseconds(maxWaitMs - 1));
        Assert.Equal(1, running.Broker.Topics.Find(Topic)!.Partition(0)!.Waiters.Count);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(0, (await waiting.WaitAsync(TimeSpan.FromSeconds(2))).OnlyPartition().Number("error_code"));
    }

    [Fact]
    public async Task A_waiting_fetch_ends_when_its_topic_is_deleted()
    {
        var waiting = FetchAsync(Requests.ToFetch(Topic, 0, 0, maxWaitMs: 8000));

        Running.Broker.Topics.Delete(Topic);

        Assert.Equal((long)ErrorCode.UnknownTopicOrPartition, (await waiting.WaitAsync(TimeSpan.FromSeconds(2))).Number("error_code"));
    }

    [Fact]
    public async Task A_batch_larger_than_the_budget_is_sent_alone_so_that_consumers_get_past_it()
    {
        await ProduceAsync(ABatch.OfBytes(5000).Bytes);
        await ProduceAsync(ABatch.OfBytes(10).Bytes);

        Assert.Equal([0], Offsets(await FetchAsync(Requests.ToFetch(Topic, 0, 0, maxBytes: 100))));
        Assert.Equal([0], Offsets(await FetchAsync(Requests.ToFetch(Topic, 0, 0, partitionMaxBytes: 100))));
        Assert.Equal([0], Offsets(await FetchAsync(Requests.ToFetch(Topic, 0, 0, maxBytes: 0, partitionMaxBytes: 0))));
    }

    [Fact]
    public async Task Whole_batches_fill_the_budget_and_never_a_part_of_one()
    {
        var size = ABatch.OfBytes(1000).Bytes.Length;
        for (var i = 0; i < 200; i++)
        {
            await ProduceAsync(ABatch.OfBytes(1000).Bytes);
        }

        for (var budget = size; budget < 40 * size; budget += 379)
        {
            foreach (var version in (short[])[11, 12])
            {
                var answer = await FetchAsync(Requests.ToFetch(Topic, 0, 3, partitionMaxBytes: budget), version);
                Assert.Equal(budget / size * size, ((byte[])answer["records"]!).Length);
                Assert.Equal(Enumerable.Range(3, budget / size).Select(offset => (long)offset), Offsets(answer));
            }
        }
    }

    [Fact]
    public async Task Rolled_segments_are_read_through()
    {
        await CreateAsync("rolls", settings: ("segment.bytes", "5000"));
        for (var i = 0; i < 50; i++)
        {
            await ProduceAsync(ABatch.OfBytes(1000).Bytes, "rolls");
        }

        var offsets = new List<long>();
        while (offsets.Count < 50)
        {
            offsets.AddRange(Offsets(await FetchAsync(Requests.ToFetch("rolls", 0, offsets.Count))));
        }

        Assert.Equal(Enumerable.Range(0, 50).Select(offset => (long)offset), offsets);
        Assert.True(Running.Broker.Topics.Find("rolls")!.Partitions[0].Current.Segments.Length > 5);
    }

    [Fact]
    public async Task Minimum_bytes_count_across_segments()
    {
        await CreateAsync("rolls", settings: ("segment.bytes", "1200"));
        for (var i = 0; i < 3; i++)
        {
            await ProduceAsync(ABatch.OfBytes(1000).Bytes, "rolls");
        }

        var answer = await FetchAsync(Requests.ToFetch("rolls", 0, 0, maxWaitMs: 9000, minBytes: 3000)).WaitAsync(TimeSpan.FromSeconds(3));

        Assert.Equal([0], Offsets(answer));
    }

    [Theory]
    [InlineData(-5, ErrorCode.None)]
    [InlineData(0, ErrorCode.None)]
    [InlineData(1, ErrorCode.UnknownLeaderEpoch)]
    public async Task The_clients_epoch_is_checked(long epoch, ErrorCode expected) =>
        Assert.Equal((long)expected, (await FetchAsync(Requests.ToFetch(Topic, 0, 0, currentEpoch: epoch))).Number("error_code"));

    [Fact]
    public async Task A_session_that_nobody_opened_is_refused_and_a_full_one_is_served_without()
    {
        var unknown = await Client.AskAsync(Requests.Fetch, 11, Requests.ToFetch(Topic, 0, 0, sessionId: 5, sessionEpoch: 1));
        var full = await Client.AskAsync(Requests.Fetch, 11, Requests.ToFetch(Topic, 0, 0, sessionId: 0, sessionEpoch: 0));

        Assert.Equal((long)ErrorCode.FetchSessionIdNotFound, unknown.Number("error_code"));
        Assert.Empty(unknown.Messages("responses"));
        Assert.Equal((0L, 0L), (full.Number("error_code"), full.Number("session_id")));
    }

    [Fact]
    public async Task Read_committed_sees_everything_and_no_aborted_transaction()
    {
        await ProduceAsync(ABatch.Of("a").Bytes);

        var answer = await FetchAsync(Requests.ToFetch(Topic, 0, 0, isolation: 1));

        Assert.Empty(answer.List("aborted_transactions"));
        Assert.Equal(1, answer.Number("last_stable_offset"));
        Assert.Null((await FetchAsync(Requests.ToFetch(Topic, 0, 0)))["aborted_transactions"]);
    }

    private static List<long> Offsets(Message partition)
    {
        var records = (byte[])partition["records"]!;
        var offsets = new List<long>();
        for (var at = 0; at < records.Length;)
        {
            var batch = RecordBatch.Read(records.AsSpan(at));
            Assert.True(RecordBatch.HasGoodCrc(records.AsSpan(at, (int)batch.TotalBytes)));
            offsets.Add(batch.BaseOffset);
            at += (int)batch.TotalBytes;
        }

        return offsets;
    }
}
