using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Embedded.Aspire.Dashboard.Otlp;
using Embedded.Aspire.Dashboard.Telemetry;
using Embedded.Tests.Dashboard.Telemetry;

namespace Embedded.Tests.Dashboard.Otlp;

public sealed class OtlpHttpTests
{
    [Fact]
    public async Task Requests_are_answered_in_kind()
    {
        await using var receiver = await RunningReceiver.StartAsync();

        using var empty = await receiver.PostAsync("/v1/traces", []);
        using var protobuf = await receiver.PostAsync("/v1/traces", Requests.Traces(Sample.Span(1, 1)));
        using var json = await receiver.PostJsonAsync("/v1/traces", Requests.SpanJson);
        using var logs = await receiver.PostAsync("/v1/logs", Requests.Logs(Sample.Log("hello")), encoding: "identity");
        using var metrics = await receiver.PostAsync("/v1/metrics", Gzip(Requests.Metrics(Sample.Metric("load", 1, 2))), encoding: "gzip");

        foreach (var answer in new[] { empty, protobuf, logs, metrics })
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(RunningReceiver.Protobuf, answer.Content.Headers.ContentType!.MediaType);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        }
        Assert.Equal((HttpStatusCode.OK, RunningReceiver.Json, "{}"), (json.StatusCode, json.Content.Headers.ContentType!.MediaType, await json.Content.ReadAsStringAsync()));
        Assert.Equal((2L, 1L, 1L), (receiver.Store.Traces.Counters.Kept, receiver.Store.Logs.Counters.Kept, receiver.Store.Metrics.Counters.Kept));
    }

    [Fact]
    public async Task What_cannot_be_decoded_is_refused_with_the_reason()
    {
        await using var receiver = await RunningReceiver.StartAsync();

        using var json = await receiver.PostJsonAsync("/v1/traces", "{\"resourceSpans\":[3]}");
        using var protobuf = await receiver.PostAsync("/v1/traces", [0x0A, 0x7F, 1]);
        using var gzip = await receiver.PostAsync("/v1/traces", "no gzip"u8.ToArray(), encoding: "gzip");

        Assert.Equal(HttpStatusCode.BadRequest, json.StatusCode);
        Assert.StartsWith("{\"code\":3,\"message\":\"The JSON cannot be read", await json.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, protobuf.StatusCode);
        var status = Requests.ToJson(await protobuf.Content.ReadAsByteArrayAsync(), OtlpSchema.RpcStatus);
        Assert.Equal("""{"code":3,"message":"Field 1 says it has 127 bytes; 1 are left."}""", status);
        Assert.Equal(HttpStatusCode.BadRequest, gzip.StatusCode);
        Assert.Equal(0, receiver.Store.Traces.Counters.Received);
    }

    [Fact]
    public async Task Other_types_and_encodings_are_not_supported()
    {
        await using var receiver = await RunningReceiver.StartAsync();

        using var text = await receiver.PostAsync("/v1/logs", [], "text/plain");
        using var zstd = await receiver.PostAsync("/v1/logs", [], encoding: "zstd");
        using var charset = await receiver.PostAsync("/v1/logs", "{}"u8.ToArray(), "application/json; charset=utf-8");

        Assert.Equal(
            (HttpStatusCode.UnsupportedMediaType, HttpStatusCode.UnsupportedMediaType, HttpStatusCode.OK), (text.StatusCode, zstd.StatusCode, charset.StatusCode));
    }

    [Fact]
    public async Task Senders_show_one_of_two_keys()
    {
        await using var receiver = await RunningReceiver.StartAsync(("Dashboard:Otlp:PrimaryApiKey", "first"), ("Dashboard:Otlp:SecondaryApiKey", "second"));

        async Task<HttpStatusCode> StatusAsync(string? key)
        {
            using var answer = await receiver.PostAsync("/v1/traces", [], key: key);
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("first"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("second"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("third"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(null));
    }

    [Fact]
    public async Task A_body_is_bounded_before_and_after_decompression()
    {
        await using var receiver = await RunningReceiver.StartAsync(("Dashboard:Otlp:MaxBodyMegabytes", "1"));

        using var plain = await receiver.PostAsync("/v1/traces", new byte[1_500_000]);
        using var bomb = await receiver.PostAsync("/v1/traces", Gzip(new byte[200_000_000]), encoding: "gzip");
        using var within = await receiver.PostAsync("/v1/traces", Requests.Traces(Sample.Span(1, 1, name: new string('x', 1_000_000))));

        Assert.Equal(
            (HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.OK), (plain.StatusCode, bomb.StatusCode, within.StatusCode));
    }

    [Fact]
    public async Task Too_many_at_once_are_told_to_come_again()
    {
        await using var receiver = await RunningReceiver.StartAsync(("Dashboard:Otlp:MaxConcurrentRequests", "1"), ("Dashboard:Otlp:MaxQueuedRequests", "0"));
        var body = Requests.Traces(Sample.Span(1, 1));
        using var slow = new TcpClient();
        await slow.ConnectAsync(receiver.Http.Host, receiver.Http.Port);
        var head = $"POST /v1/traces HTTP/1.1\r\nHost: {receiver.Http.Authority}\r\nContent-Type: {RunningReceiver.Protobuf}\r\nContent-Length: {body.Length}\r\n\r\n";
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        HttpResponseMessage refused;
        while ((refused = await receiver.PostAsync("/v1/traces", [])).StatusCode == HttpStatusCode.OK)             // until the slow one has its turn
        {
            refused.Dispose();
            limit.Token.ThrowIfCancellationRequested();
        }
        await slow.GetStream().WriteAsync(body);
        using var answer = new StreamReader(slow.GetStream());
        var status = await answer.ReadLineAsync(limit.Token);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        refused.Dispose();
        Assert.Equal(("HTTP/1.1 200 OK", 1L), (status, receiver.Store.Traces.Counters.Kept));
    }

    [Fact]
    public async Task What_is_not_kept_is_said_and_what_comes_again_is_not_kept_twice()
    {
        await using var receiver = await RunningReceiver.StartAsync(("Dashboard:TelemetryLimits:MaxSpansPerTrace", "1"));
        var nameless = Requests.SpanJson.Replace("eee19b7ec3c1b174", "", StringComparison.Ordinal);

        using var first = await receiver.PostAsync("/v1/traces", Requests.Traces(Sample.Span(1, 1)));
        using var again = await receiver.PostAsync("/v1/traces", Requests.Traces(Sample.Span(1, 1)));
        using var beyond = await receiver.PostAsync("/v1/traces", Requests.Traces(Sample.Span(1, 2)));
        using var withoutId = await receiver.PostJsonAsync("/v1/traces", nameless);

        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.OK, beyond.StatusCode);
        Assert.Equal(
            """{"partialSuccess":{"rejectedSpans":"1","errorMessage":"a trace holds at most 1 spans (MaxSpansPerTrace)"}}""",
            Requests.ToJson(await beyond.Content.ReadAsByteArrayAsync(), OtlpSchema.TraceResponse));
        Assert.StartsWith("""{"partialSuccess":{"rejectedSpans":"1","errorMessage":"a span needs""", await withoutId.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((1L, 1L), (receiver.Store.Traces.Counters.Kept, receiver.Store.Traces.Counters.Duplicates));
    }

    [Fact]
    public async Task Pages_of_allowed_origins_may_send()
    {
        await using var receiver = await RunningReceiver.StartAsync(("Dashboard:Otlp:Cors:AllowedOrigins", "http://shop.test, http://other.test"));

        async Task<bool> MayAsync(string origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, "/v1/traces");
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "content-type,x-otlp-api-key");
            using var answer = await receiver.Client.SendAsync(request);
            return answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) && allowed.Contains(origin);
        }

        Assert.True(await MayAsync("http://shop.test"));
        Assert.False(await MayAsync("http://elsewhere.test"));
    }

    [Fact]
    public async Task Thousands_of_broken_bodies_later_it_still_works()
    {
        await using var receiver = await RunningReceiver.StartAsync();
        var random = new Random(1);
        var json = Encoding.UTF8.GetBytes(Requests.SpanJson);
        var protobuf = Requests.Traces(Sample.Span(1, 1, links: [(2, 3)]));

        for (var attempt = 0; attempt < 2_000; attempt++)
        {
            var isJson = attempt % 2 == 0;
            var body = (isJson ? json : protobuf).ToArray();
            for (var count = random.Next(1, 4); count > 0; count--) body[random.Next(body.Length)] = (byte)random.Next(256);
            using var answer = await receiver.PostAsync("/v1/traces", body, isJson ? RunningReceiver.Json : RunningReceiver.Protobuf);
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{answer.StatusCode} for {Convert.ToHexString(body)}");
        }

        using var last = await receiver.PostJsonAsync("/v1/traces", Requests.SpanJson);
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
        Assert.NotNull(receiver.Store.Traces.Find(TraceId.Parse("5b8efff798038103d269b633813fc60c")));
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest)) gzip.Write(bytes);
        return compressed.ToArray();
    }
}
