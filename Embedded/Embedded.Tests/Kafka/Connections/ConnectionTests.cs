using System.Buffers.Binary;
using Embedded.Kafka;
using Embedded.Tests.Kafka.Apis;
using Embedded.Tests.Kafka.Wire;
using Embedded.Tests.Support;

namespace Embedded.Tests.Kafka.Connections;

public sealed class ConnectionTests : ABroker
{
    private const int MaxRequestBytes = 4 << 20;

    internal override BrokerOptions Configure(BrokerOptions options) => options with { MaxRequestBytes = MaxRequestBytes, MaxConnections = 20 };

    [Fact]
    public async Task A_thousand_pipelined_requests_are_answered_in_order()
    {
        var random = new Random(1);
        var sent = new List<(short Key, short Version, int CorrelationId)>();
        var bytes = new List<byte>();
        for (var i = 1; i <= 1000; i++)
        {
            var (key, version, request) = random.Next(4) switch
            {
                0 => (Requests.Produce, (short)random.Next(3, 10), Requests.ToProduce(Topic, 0, ABatch.OfBytes(random.Next(500)).Bytes)),
                1 => (Requests.Fetch, (short)random.Next(4, 13), Requests.ToFetch(Topic, 0, 0, maxBytes: random.Next(100_000))),
                2 => (Requests.Metadata, (short)random.Next(0, 12), Requests.ToMetadata(create: false, Topic)),
                _ => (Requests.ApiVersions, (short)random.Next(0, 3), new Message()),
            };
            sent.Add((key, version, i));
            var frame = KafkaSocket.Request(key, version, i, request);
            var length = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(length, frame.Length);
            bytes.AddRange([.. length, .. frame]);
        }

        var sending = Client.SendRawAsync(bytes.ToArray());

        foreach (var (key, version, correlationId) in sent)
        {
            var answer = await Client.ReceiveFrameAsync();
            Assert.Equal(correlationId, BinaryPrimitives.ReadInt32BigEndian(answer));
            var layout = MessageLayout.Of(key);
            new LayoutCodec(layout, version).Decode(layout.Answer, answer.AsMemory(layout.IsFlexible(version) && key != 18 ? 5 : 4));
        }

        await sending;
    }

    [Fact]
    public async Task A_request_that_arrives_byte_by_byte_is_answered()
    {
        var frame = KafkaSocket.Request(Requests.Metadata, 9, 1, Requests.ToMetadata(create: false, Topic));
        byte[] bytes = [0, 0, 0, (byte)frame.Length, .. frame];

        foreach (var one in bytes)
        {
            await Client.SendRawAsync(new[] { one });
        }

        Assert.NotNull(await Client.ReceiveFrameAsync());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(MaxRequestBytes + 1)]
    [InlineData(int.MaxValue)]
    public async Task A_frame_length_that_cannot_be_closes_that_connection_and_no_other(int length)
    {
        await using var hostile = await KafkaSocket.ConnectAsync(Running.Broker.Port);
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);

        await hostile.SendRawAsync(bytes);

        Assert.Null(await hostile.ReceiveFrameAsync());
        Assert.Equal(0, (await ProduceAsync(ABatch.Of("a").Bytes)).Number("error_code"));
    }

    [Theory]
    [InlineData(4, 0)]                                                       // LeaderAndIsr: between brokers
    [InlineData(68, 0)]
    [InlineData(-1, 0)]
    [InlineData(1, 3)]
    [InlineData(1, 13)]
    [InlineData(3, -1)]
    public async Task An_api_or_version_that_is_not_offered_closes_the_connection(short key, short version)
    {
        var frame = new byte[20];
        BinaryPrimitives.WriteInt16BigEndian(frame, key);
        BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(2), version);

        await Client.SendFrameAsync(frame);

        Assert.Null(await Client.ReceiveFrameAsync());
    }

    [Fact]
    public async Task Mutated_frames_harm_only_the_connection_that_sends_them()
    {
        const int Frames = 2000;
        var random = new Random(7);
        var produced = 0;
        var hostile = await KafkaSocket.ConnectAsync(Running.Broker.Port);
        for (var i = 0; i < Frames; i++)
        {
            var api = ApiTable.All[random.Next(ApiTable.All.Length)];
            var version = (short)random.Next(api.MinVersion, api.MaxVersion + 1);
            var layout = MessageLayout.Of(api.Key);
            var codec = new LayoutCodec(layout, version);
            var request = codec.Random(layout.Request, random);
            if (request.ContainsKey("max_wait_ms"))
            {
                request["max_wait_ms"] = 0L;
            }

            var frame = KafkaSocket.Request(api.Key, version, i, request);
            for (var flips = random.Next(1, 5); flips > 0; flips--)
            {
                frame[random.Next(frame.Length)] = (byte)random.Next(256);
            }

            if (random.Next(4) == 0)
            {
                frame = frame[..random.Next(frame.Length + 1)];
            }

            try
            {
                await hostile.SendFrameAsync(frame);
            }
            catch (System.Net.Sockets.SocketException)
            {
                await hostile.DisposeAsync();
                hostile = await KafkaSocket.ConnectAsync(Running.Broker.Port);
            }

            if (i % 50 != 0)
            {
                continue;
            }

            await hostile.DisposeAsync();
            hostile = await KafkaSocket.ConnectAsync(Running.Broker.Port);
            Assert.Equal(
                (0L, produced++), ((await ProduceAsync(ABatch.Of("a").Bytes)) is var answer ? answer.Number("error_code") : -1, (long)produced - 1));
        }

        await hostile.DisposeAsync();
    }

    [Fact]
    public async Task A_client_that_hangs_up_frees_its_waiting_fetch()
    {
        var waiters = Running.Broker.Topics.Find(Topic)!.Partitions[0].Waiters;
        var leaving = await KafkaSocket.ConnectAsync(Running.Broker.Port);
        await leaving.SendAsync(Requests.Fetch, 11, Requests.ToFetch(Topic, 0, 0, maxWaitMs: 100_000));
        await Eventually.TrueAsync(() => waiters.Count == 1);

        await leaving.DisposeAsync();

        await Eventually.TrueAsync(() => waiters.Count == 0, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Requests_behind_a_waiting_fetch_are_answered_after_it()
    {
        var fetch = await Client.SendAsync(Requests.Fetch, 11, Requests.ToFetch(Topic, 0, 0, maxWaitMs: 200));
        var metadata = await Client.SendAsync(Requests.Metadata, 4, Requests.ToMetadata(create: false, Topic));

        Assert.Equal(fetch, BinaryPrimitives.ReadInt32BigEndian(await Client.ReceiveFrameAsync()));
        Assert.Equal(metadata, BinaryPrimitives.ReadInt32BigEndian(await Client.ReceiveFrameAsync()));
    }

    [Fact]
    public async Task Connections_over_the_limit_are_closed_and_come_in_when_others_leave()
    {
        var open = new List<KafkaSocket>();
        for (var i = 0; i < 19; i++)
        {
            open.Add(await KafkaSocket.ConnectAsync(Running.Broker.Port));
        }

        await open[^1].AskAsync(Requests.ApiVersions, 0, []);
        await using var tooMany = await KafkaSocket.ConnectAsync(Running.Broker.Port);

        Assert.Null(await tooMany.ReceiveFrameAsync());
        foreach (var client in open)
        {
            await client.DisposeAsync();
        }

        await Eventually.TrueAsync(() =>
        {
            using var again = new System.Net.Sockets.TcpClient("127.0.0.1", Running.Broker.Port) { ReceiveTimeout = 100 };
            return !again.Client.Poll(100_000, System.Net.Sockets.SelectMode.SelectRead);      // open, and nothing to read
        });
    }

    [Fact]
    public async Task Stopping_answers_the_waiting_fetch()
    {
        await Client.SendAsync(Requests.Fetch, 11, Requests.ToFetch(Topic, 0, 0, maxWaitMs: 100_000));
        await Eventually.TrueAsync(() => Running.Broker.Topics.Find(Topic)!.Partitions[0].Waiters.Count == 1);
        var clock = System.Diagnostics.Stopwatch.StartNew();

        await Running.Broker.DisposeAsync();

        Assert.NotNull(await Client.ReceiveFrameAsync());
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 4);
        await Running.StartAgainAsync();
    }
}
