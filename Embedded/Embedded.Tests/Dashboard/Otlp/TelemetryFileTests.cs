using System.Text;
using Embedded.Aspire.Dashboard.Otlp;
using Embedded.Aspire.Dashboard.Telemetry;
using Embedded.Tests.Dashboard.Telemetry;
using Embedded.Tests.Support;

namespace Embedded.Tests.Dashboard.Otlp;

public sealed class TelemetryFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("telemetry.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_request_is_a_line_of_its_signal()
    {
        await using (var receiver = await StartAsync())
        {
            (await receiver.PostJsonAsync("/v1/traces", Requests.SpanJson)).Dispose();
            (await receiver.PostAsync("/v1/logs", Requests.Logs(Sample.Log("hello")))).Dispose();
            (await receiver.PostAsync("/v1/metrics", Requests.Metrics(Sample.Metric("load", 1, 2)))).Dispose();
            await Eventually.TrueAsync(() => Lines().Length == 3, state: () => string.Join('\n', Lines()));       // while it runs
        }

        Assert.Equal(Requests.SpanJson, Lines()[0]);
        Assert.StartsWith("""{"resourceLogs":""", Lines()[1], StringComparison.Ordinal);
        Assert.StartsWith("""{"resourceMetrics":""", Lines()[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_shows_what_was_there_before()
    {
        await using (var receiver = await StartAsync())
        {
            (await receiver.PostJsonAsync("/v1/traces", Requests.SpanJson)).Dispose();
            (await receiver.PostAsync("/v1/logs", Requests.Logs(Sample.Log("hello")))).Dispose();
        }
        // A crash tore the last line; another program left its own.
        await System.IO.File.AppendAllTextAsync(File, "\n{\"unheardOf\":[]}\n" + Requests.SpanJson[..200]);

        await using (var receiver = await StartAsync())
        {
            (await receiver.PostAsync("/v1/traces", Requests.Traces(Sample.Span(7, 7)))).Dispose();

            Assert.NotNull(receiver.Store.Traces.Find(TraceId.Parse("5b8efff798038103d269b633813fc60c")));
            Assert.Equal("hello", Assert.Single(receiver.Store.Logs.Snapshot()).Message);
            Assert.Equal(2, receiver.Store.Traces.TraceCount);
        }

        Assert.Equal(6, Lines().Length);                                        // one of them empty, one torn, and the new one is whole
        Assert.Contains("\"spanId\":\"0000000000000007\"", Lines()[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_long_history_the_newest_is_kept()
    {
        await using (var receiver = await StartAsync())
        {
            for (var trace = 1ul; trace <= 20; trace++) (await receiver.PostAsync("/v1/traces", Requests.Traces(Sample.Span(trace, 1)))).Dispose();
        }

        await using var again = await StartAsync(("Dashboard:TelemetryLimits:MaxTraceCount", "5"));
        (await again.PostAsync("/v1/traces", [])).Dispose();                     // answered when the file has been read

        Assert.Equal([16ul, 17, 18, 19, 20], again.Store.Traces.Snapshot().Select(trace => trace.TraceId.Low));
    }

    [Fact]
    public void A_full_file_is_renamed_and_the_oldest_go()
    {
        var clock = new FakeTimeProvider();
        System.IO.File.WriteAllText(_folder.File("telemetry-notes.jsonl"), "mine");
        using (var file = new RotatingFile(File, maxBytes: 10, maxFiles: 2, clock))
        {
            for (var line = 0; line < 9; line++)
            {
                file.Append(Encoding.UTF8.GetBytes($"line{line}\n"));            // two make it full
                clock.Advance(TimeSpan.FromMilliseconds(1));
            }
        }

        Assert.Equal(["line4", "line5", "line6", "line7", "line8"], RotatingFile.FilesOf(File).SelectMany(System.IO.File.ReadAllLines));
        Assert.Equal("telemetry-2026-01-01T00-00-00.005.jsonl", Path.GetFileName(RotatingFile.FilesOf(File)[0]));
        Assert.Equal("mine", System.IO.File.ReadAllText(_folder.File("telemetry-notes.jsonl")));
    }

    [Fact]
    public async Task A_restart_reads_renamed_files_first()
    {
        await System.IO.File.WriteAllTextAsync(_folder.File("telemetry-2026-01-02T00-00-00.000.jsonl"), Line(2));
        await System.IO.File.WriteAllTextAsync(_folder.File("telemetry-2026-01-01T00-00-00.000.jsonl"), Line(1));
        await System.IO.File.WriteAllTextAsync(File, Line(3));

        await using var receiver = await StartAsync();
        (await receiver.PostAsync("/v1/traces", [])).Dispose();

        Assert.Equal([1ul, 2, 3], receiver.Store.Traces.Snapshot().Select(trace => trace.TraceId.Low));

        static string Line(ulong trace) => Requests.ToJson(Requests.Traces(Sample.Span(trace, 1)), OtlpSchema.TraceRequest) + "\n";
    }

    [Fact]
    public async Task A_request_that_no_line_can_hold_stops_nothing()
    {
        await using (var receiver = await StartAsync())
        {
            byte[] idOfManyBytes = [0x0A, 26, 0x12, 24, 0x12, 22, 0x0A, 20, .. Enumerable.Repeat((byte)1, 20)];
            (await receiver.PostAsync("/v1/traces", idOfManyBytes)).Dispose();
            (await receiver.PostAsync("/v1/traces", [0x0A, 2, 0x18, 1])).Dispose();              // a schema URL that is a number
            (await receiver.PostJsonAsync("/v1/traces", Requests.SpanJson)).Dispose();
        }

        Assert.Equal([Requests.SpanJson], Lines());
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_costs_nobody_the_pages()
    {
        Directory.CreateDirectory(File);                                         // a folder stands in its place

        await using var receiver = await StartAsync();
        using var answer = await receiver.PostJsonAsync("/v1/traces", Requests.SpanJson);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(1, receiver.Store.Traces.TraceCount);
    }

    private Task<RunningReceiver> StartAsync(params (string, string)[] settings) => RunningReceiver.StartAsync([("Dashboard:TelemetryFile:Path", File), .. settings]);

    private string[] Lines()
    {
        if (!System.IO.File.Exists(File)) return [];
        using var reader = new StreamReader(new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n')[..^1];
    }
}
