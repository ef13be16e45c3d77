using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

/// <summary>
/// How many spans a second the dashboard takes over loopback, file included: requests of 500 spans of eight attributes, ten spans a
/// trace, at a fixed rate. The sender shares the cores; the dashboard's processor time tells its share.
/// </summary>
internal static class OtlpReceiver
{
    private const int SpansPerRequest = 500;
    private const int SpansPerTrace = 10;
    private const int Senders = 4;

    private static ReadOnlySpan<byte> IdMark => "IDIDIDID"u8;

    /// <param name="args">Spans a second, default 50,000; seconds, default 10.</param>
    public static async Task RunAsync(string[] args)
    {
        var rate = args is [var first, ..] ? int.Parse(first, CultureInfo.InvariantCulture) : 50_000;
        var seconds = args is [_, var second, ..] ? int.Parse(second, CultureInfo.InvariantCulture) : 10;
        var folder = Directory.CreateTempSubdirectory("otlp-bench-");
        var (page, otlp) = (new Uri($"http://127.0.0.1:{FreePort()}"), new Uri($"http://127.0.0.1:{FreePort()}"));
        using var dashboard = Start(page, otlp, Path.Combine(folder.FullName, "telemetry.jsonl"));
        try
        {
            await dashboard.StandardOutput.ReadLineAsync();
            using var client = new HttpClient();
            await SendAsync(client, otlp, rate, seconds: 2, firstSpan: 1);                            // warm-up
            var before = (await CountersAsync(client, page), Cpu(dashboard));
            var clock = Stopwatch.StartNew();
            using var ended = new CancellationTokenSource();
            var pages = WatchPageAsync(client, page, ended.Token);
            var (sent, failed) = await SendAsync(client, otlp, rate, seconds, firstSpan: 1L << 40);
            var elapsed = clock.Elapsed;
            await ended.CancelAsync();
            var latencies = await pages;
            var after = (await CountersAsync(client, page), Cpu(dashboard));

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"sent {sent:N0} spans in {elapsed.TotalSeconds:N1} s = {sent / elapsed.TotalSeconds:N0}/s of {rate:N0}/s; {failed:N0} requests refused"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"received {after.Item1.Received - before.Item1.Received:N0}, kept {after.Item1.Kept:N0}, evicted {after.Item1.Evicted - before.Item1.Evicted:N0}, rejected {after.Item1.Rejected:N0}, duplicates {after.Item1.Duplicates:N0}"));
            var cpu = (after.Item2 - before.Item2).TotalSeconds;
            dashboard.Refresh();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"dashboard {cpu:N1} s of processor time = {sent / cpu:N0} spans a CPU second; working set {dashboard.WorkingSet64 / 1e6:N0} MB; file {folder.EnumerateFiles().Sum(file => file.Length) / 1e6:N0} MB kept"));
            if (latencies is [_, ..])
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"traces page meanwhile: median {latencies[latencies.Count / 2]:N0} ms, worst {latencies[^1]:N0} ms of {latencies.Count}"));
        }
        finally
        {
            dashboard.Kill();
            await dashboard.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(long Sent, long Failed)> SendAsync(HttpClient client, Uri otlp, int rate, int seconds, long firstSpan)
    {
        var (clock, next, failed) = (Stopwatch.StartNew(), 0L, 0L);
        var requests = (long)rate * seconds / SpansPerRequest;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            var (body, places) = Template();
            while (Interlocked.Increment(ref next) is var number && number <= requests)
            {
                var due = TimeSpan.FromSeconds((double)number * SpansPerRequest / rate);
                if (due > clock.Elapsed) await Task.Delay(due - clock.Elapsed);
                Number(body, places, firstSpan + (number * SpansPerRequest));
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
                using var answer = await client.PostAsync(new Uri(otlp, "/v1/traces"), content);
                if (!answer.IsSuccessStatusCode) Interlocked.Increment(ref failed);
            }
        })));
        return ((requests - failed) * SpansPerRequest, failed);
    }

    /// <summary>A request, and where in it the spans' trace and span ids are.</summary>
    private static (byte[] Body, List<int> Places) Template()
    {
        var now = BitConverter.GetBytes((ulong)(DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100);
        byte[] span = [
            .. Field(1, [.. IdMark, .. IdMark]), .. Field(2, IdMark), .. Field(5, "process image_data"u8), 0x30, 5, 0x39, .. now, 0x41, .. now,
            .. Enumerable.Range(0, 8).SelectMany(index => Field(9, [.. Field(1, Encoding.UTF8.GetBytes($"messaging.attribute.{index}")), .. Field(2, Field(1, "image_data"u8))]))];
        var spans = Enumerable.Repeat(Field(2, span), SpansPerRequest).SelectMany(bytes => bytes).ToArray();
        byte[] service = Field(1, [.. Field(1, "service.name"u8), .. Field(2, Field(1, "bench"u8))]);
        var body = Field(1, [.. Field(1, service), .. Field(2, [.. Field(1, Field(1, "Pipeline"u8)), .. spans])]);

        var places = new List<int>();
        for (var at = body.AsSpan().IndexOf(IdMark); at >= 0;)
        {
            places.Add(at);
            var more = body.AsSpan(at + IdMark.Length).IndexOf(IdMark);
            at = more < 0 ? -1 : at + IdMark.Length + more;
        }
        return (body, places);
    }

    // Three marks a span: two halves of its trace id, one span id.
    private static void Number(byte[] body, List<int> places, long first)
    {
        for (var index = 0; index < places.Count; index += 3)
        {
            var span = first + (index / 3);
            BinaryPrimitives.WriteInt64BigEndian(body.AsSpan(places[index]), 1);
            BinaryPrimitives.WriteInt64BigEndian(body.AsSpan(places[index + 1]), span / SpansPerTrace);
            BinaryPrimitives.WriteInt64BigEndian(body.AsSpan(places[index + 2]), span);
        }
    }

    private static byte[] Field(int number, ReadOnlySpan<byte> bytes)
    {
        var field = new List<byte> { (byte)((number << 3) | 2) };
        var length = bytes.Length;
        for (; length >= 0x80; length >>= 7) field.Add((byte)(length | 0x80));
        field.Add((byte)length);
        field.AddRange(bytes);
        return [.. field];
    }

    private static async Task<List<double>> WatchPageAsync(HttpClient client, Uri page, CancellationToken ended)
    {
        var latencies = new List<double>();
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), ended);
                var clock = Stopwatch.StartNew();
                using var answer = await client.GetAsync(new Uri(page, "/traces"), CancellationToken.None);
                latencies.Add(clock.Elapsed.TotalMilliseconds);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested) { }
        latencies.Sort();
        return latencies;
    }

    private sealed record Counters(long Received, long Kept, long Evicted, long Rejected, long Duplicates);

    private static async Task<Counters> CountersAsync(HttpClient client, Uri page)
    {
        var all = JsonDocument.Parse(await client.GetStringAsync(new Uri(page, "/api/telemetry/counters")));
        return all.RootElement.GetProperty("Traces").Deserialize<Counters>(JsonSerializerOptions.Web)!;
    }

    private static Process Start(Uri page, Uri otlp, string file)
    {
        var program = Path.Combine(Machine.RepositoryRoot, "Embedded", "Embedded.Aspire.Dashboard", "bin", "Release", "net10.0", "Embedded.Aspire.Dashboard");
        return Process.Start(new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = page.ToString(),
                ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = otlp.ToString(),
                ["DASHBOARD__TELEMETRYFILE__PATH"] = file,
            },
        })!;
    }

    private static TimeSpan Cpu(Process process)
    {
        process.Refresh();
        return process.TotalProcessorTime;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
