using System.Text.Json;
using Embedded.Tests.Support;
using Pipeline.Latency;

namespace Pipeline.Tests.Experiments;

/// <summary>The experiment as its user calls it, on trace files.</summary>
public sealed class ReportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_of_the_Collector_gives_the_result_that_its_spans_hold()
    {
        // Three images by hand: 5, 6 and 9 ms until stored, 4.1, 5.1 and 8.1 ms until predicted.
        var status = await LatencyCommand.RunAsync(["--traces", Golden("collector-traces.jsonl"), "--out", Out("golden")]);

        using var result = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Out("golden"), "latency-result.json")));
        var cell = result.RootElement.GetProperty("cells").EnumerateArray().Single();
        Assert.Equal(0, status);
        Assert.Equal("pipeline/latency-result/1", result.RootElement.GetProperty("schema").GetString());
        Assert.Equal((1, 2.0, 3, 0), (cell.GetProperty("producers").GetInt32(), cell.GetProperty("rate_per_producer").GetDouble(), cell.GetProperty("n").GetInt32(), cell.GetProperty("lost").GetInt32()));
        Assert.Equal((6.0, 9.0), (Stored(cell, "p50"), Stored(cell, "max")));
        Assert.Equal(5.1, cell.GetProperty("endpoint").GetProperty("predicted").GetProperty("p50").GetDouble());
        Assert.Equal(1.333, cell.GetProperty("batch_mean").GetDouble());
        Assert.Equal(1.8, cell.GetProperty("stages_ms").GetProperty("p50_band").GetProperty("inference").GetDouble());
        Assert.Equal(1.0, cell.GetProperty("trace_completeness").GetDouble());
    }

    [Fact]
    public async Task Rotated_files_and_spans_written_another_way_give_the_same_report()
    {
        var images = Images(3_000);
        await File.WriteAllLinesAsync(_folder.File("whole.jsonl"), TraceLines.Of(images));
        await File.WriteAllLinesAsync(_folder.File("part-2027-01-15T08-00-00.000.jsonl"), TraceLines.Of(images[1_500..], span => span.ToOtherJson()));
        await File.WriteAllLinesAsync(_folder.File("part.jsonl"), TraceLines.Of(images[..1_500]).Append("""{"resourceSpans":[{"""));

        Assert.Equal(0, await LatencyCommand.RunAsync(["--traces", _folder.File("whole.jsonl"), "--out", Out("whole")]));
        Assert.Equal(0, await LatencyCommand.RunAsync(["--traces", _folder.File("part*.jsonl"), "--out", Out("parts")]));

        // But for the torn line, which is told.
        Assert.Contains("\"unreadable_lines\"", Result("parts"), StringComparison.Ordinal);
        Assert.Equal(Result("whole"), Result("parts").Replace(",\n        \"unreadable_lines\"", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_report_made_again_from_the_stored_files_is_the_same_byte_for_byte()
    {
        await File.WriteAllLinesAsync(_folder.File("a.jsonl"), TraceLines.Of(Images(1_200)));
        await File.WriteAllLinesAsync(_folder.File("b.jsonl"), TraceLines.Of(Images(1_200, "camera-1", "camera-2")));
        Assert.Equal(0, await LatencyCommand.RunAsync(["--traces", _folder.File("a.jsonl"), "--traces", _folder.File("b.jsonl"), "--out", Out("first"), "--seed", "7"]));
        var first = Files("first");

        Assert.Equal(0, await LatencyCommand.RunAsync(["--report-only", Out("first")]));

        Assert.Equal(first.Keys, Files("first").Keys);
        Assert.All(Files("first"), file => Assert.True(first[file.Key].AsSpan().SequenceEqual(file.Value), file.Key));
        Assert.Contains("percentiles-stored.svg", first.Keys);
        Assert.Contains("report.md", first.Keys);
    }

    [Fact]
    public async Task A_limit_that_is_not_kept_sets_the_exit_status()
    {
        await File.WriteAllLinesAsync(_folder.File("a.jsonl"), TraceLines.Of(Images(500)));
        Assert.Equal(0, await LatencyCommand.RunAsync(["--traces", _folder.File("a.jsonl"), "--out", Out("a"), "--assert", "stored.p95<50", "--assert", "predicted.p50 < 9.5"]));

        Assert.Equal(1, await LatencyCommand.RunAsync(["--report-only", Out("a"), "--assert", "stored.p95<2"]));
        Assert.Equal(1, await LatencyCommand.RunAsync(["--report-only", Out("a"), "--assert", "stored.p999<50"]));
        Assert.Equal(2, await LatencyCommand.RunAsync(["--report-only", Out("a"), "--assert", "stored.p42<50"]));
    }

    [Theory]
    [InlineData("--profile", "slow")]
    [InlineData("--producers", "5-1")]
    [InlineData("--rate", "0")]
    [InlineData("--images", "0")]
    [InlineData("--traces", "nowhere/traces*.jsonl")]
    [InlineData("--report-only", "nowhere")]
    public async Task Bad_input_is_refused_before_anything_runs(string option, string value) =>
        Assert.Equal(2, await LatencyCommand.RunAsync([option, value, "--out", Out("refused")]));

    private static AnImage[] Images(int count, params string[] cameras)
    {
        var random = new Random(11);
        string[] producers = cameras.Length > 0 ? cameras : ["camera-1"];
        return [.. Enumerable.Range(0, count).Select(number => AnImage.Due(number, 1_800_000_000_000_000_000 + number * 50_000_000L / producers.Length, producers[number % producers.Length],
            [.. AnImage.UsualStages.Select(stage => stage + (long)(-Math.Log(1 - random.NextDouble()) * 400_000))]))];
    }

    private static double Stored(JsonElement cell, string quantile) => cell.GetProperty("endpoint").GetProperty("stored").GetProperty(quantile).GetDouble();

    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Experiments", "Golden", name);

    private string Out(string name) => _folder.File("out-" + name);

    private string Result(string name) => File.ReadAllText(Path.Combine(Out(name), "latency-result.json"));

    private Dictionary<string, byte[]> Files(string name) =>
        Directory.EnumerateFiles(Out(name)).Order(StringComparer.Ordinal).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);
}
