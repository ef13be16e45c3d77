using Embedded.Kafka;
using Embedded.Kafka.Wire;

namespace Embedded.Tests.Kafka.Wire;

/// <summary>
/// Every other API in every version, through its handler: any well-formed request gets an answer that decodes by the published
/// layout to its last byte; a cut request is refused; damaged bytes do neither harm nor hang.
/// </summary>
public sealed class DataApiCodecTests : IAsyncLifetime
{
    private const int MessagesEach = 12;
    private static readonly short[] Keys = [0, 1, 2, 3, 10, 18, 19, 22, 23];

    private RunningBroker _running = null!;

    public static TheoryData<short, short> EveryVersion
    {
        get
        {
            var data = new TheoryData<short, short>();
            foreach (var api in ApiTable.All.Where(api => Keys.Contains(api.Key)))
            {
                for (var version = api.MinVersion; version <= api.MaxVersion; version++)
                {
                    data.Add(api.Key, version);
                }
            }

            return data;
        }
    }

    public async ValueTask InitializeAsync() => _running = await RunningBroker.StartAsync(options => options with { MaxTopics = 10 });

    public ValueTask DisposeAsync() => _running.DisposeAsync();

    [Theory]
    [MemberData(nameof(EveryVersion))]
    public async Task Any_request_is_answered_by_the_layout(short key, short version)
    {
        var layout = MessageLayout.Of(key);
        var codec = new LayoutCodec(layout, version);
        Assert.Equal(layout.IsFlexible(version), ApiTable.Find(key)!.IsFlexible(version));
        for (var seed = 0; seed < MessagesEach; seed++)
        {
            var request = codec.Encode(layout.Request, Harmless(codec.Random(layout.Request, new Random(seed))));

            var answer = await AnswerAsync(key, version, request);

            if (answer is not null)
            {
                codec.Decode(layout.Answer, answer);
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryVersion))]
    public async Task Bytes_after_the_end_are_ignored(short key, short version)
    {
        var layout = MessageLayout.Of(key);
        var codec = new LayoutCodec(layout, version);
        var request = codec.Encode(layout.Request, Harmless(codec.Random(layout.Request, new Random(1))));

        var answer = await AnswerAsync(key, version, [.. request, 0, 1, 2]);

        if (answer is not null)
        {
            codec.Decode(layout.Answer, answer);
        }
    }

    [Theory]
    [MemberData(nameof(EveryVersion))]
    public async Task Every_strict_prefix_is_refused(short key, short version)
    {
        var layout = MessageLayout.Of(key);
        var codec = new LayoutCodec(layout, version);
        for (var seed = 0; seed < MessagesEach; seed++)
        {
            var request = codec.Encode(layout.Request, Harmless(codec.Random(layout.Request, new Random(seed))));
            for (var length = 0; length < request.Length; length++)
            {
                await Assert.ThrowsAsync<ProtocolException>(async () => await AnswerAsync(key, version, request[..length]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryVersion))]
    public async Task Damaged_requests_are_answered_or_refused_and_nothing_else(short key, short version)
    {
        var layout = MessageLayout.Of(key);
        var codec = new LayoutCodec(layout, version);
        var random = new Random((key * 100) + version);
        for (var i = 0; i < 200; i++)
        {
            var request = codec.Encode(layout.Request, Harmless(codec.Random(layout.Request, random)));
            for (var flips = request.Length == 0 ? 0 : random.Next(1, 4); flips > 0; flips--)
            {
                request[random.Next(request.Length)] = (byte)random.Next(256);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                // A damaged max_wait_ms may mean minutes; nobody waits for it here.
                using var gone = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
                await AnswerAsync(key, version, request, gone.Token);
            }
            catch (ProtocolException)
            {
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    /// <summary>The broker does what a random request says; it should not wait minutes or change its limits for it.</summary>
    private static Message Harmless(Message request)
    {
        if (request.ContainsKey("max_wait_ms"))
        {
            request["max_wait_ms"] = 0L;
        }

        return request;
    }

    /// <returns>The answer's body; null where none is sent.</returns>
    private async Task<byte[]?> AnswerAsync(short key, short version, byte[] body, CancellationToken gone = default)
    {
        var api = ApiTable.Find(key)!;
        var call = new Call { Broker = _running.Broker, ClientHost = "/127.0.0.1", CancellationToken = gone };
        call.Begin(key, version, api.IsFlexible(version), "test", body.ToArray());
        await api.HandleAsync(call);
        var answer = call.NoReply ? null : call.Reply.WrittenSpan.ToArray();
        call.Reply.Dispose();
        return answer;
    }
}
