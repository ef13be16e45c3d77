using System.Text.Json;
using Embedded.Tests.Support;
using Pipeline.Latency;

namespace Pipeline.Tests.Experiments;

/// <summary>The experiment as its user calls it, on trace files.</summary>
[Trait("Speed", "slow")]
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
        Assert.Equal((1, 2.0, 3, 0), (cell.GetProperty("producers").GetInt32(), cell.GetProperty("rate_per_producer").GetDouble(),
            cell.GetProperty("n").GetInt32(), cell.GetProperty("lost").GetInt32()));
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
        Assert.Equal(Result("whole"), WithoutTornLine(Result("parts")));
    }

    [Fact]
    public async Task A_folder_in_which_every_service_wrote_a_file_gives_the_same_report_as_one_file()
    {
        var images = Images(1_000);
        var services = Directory.CreateDirectory(_folder.File("services")).FullName;
        await File.WriteAllLinesAsync(_folder.File("whole.jsonl"), TraceLines.Of(images));
        foreach (var service in images.SelectMany(image => image.Spans()).GroupBy(span => span.Service))
        {
            await File.WriteAllLinesAsync(Path.Combine(services, service.Key + "-1.jsonl"), service.Chunk(512)
                .Select(spans => TraceLines.Request(service.Key, spans.Select(span => span.ToJson()))));
        }

        await File.WriteAllTextAsync(Path.Combine(services, "analytics-1.jsonl"), """{"resourceSpans":[{"resou""");
        await File.WriteAllTextAsync(Path.Combine(services, "README.md"), "no trace");

        Assert.Equal(0, await LatencyCommand.RunAsync(["--traces", _folder.File("whole.jsonl"), "--out", Out("whole")]));
        Assert.Equal(0, await LatencyCommand.RunAsync(["--traces", services, "--out", Out("services")]));

        Assert.Equal(Result("whole"), WithoutTornLine(Result("services")));
    }

    [Fact]
    public async Task A_report_made_again_has_the_same_figures_with_the_samples_and_without()
    {
        await File.WriteAllLinesAsync(_folder.File("a.jsonl"), TraceLines.Of(Images(1_200)));
        await File.WriteAllLinesAsync(_folder.File("b.jsonl"), TraceLines.Of(Images(1_200, "camera-1", "camera-2")));
        Assert.Equal(0, await LatencyCommand.RunAsync(
            ["--traces", _folder.File("a.jsonl"), "--traces", _folder.File("b.jsonl"), "--out", Out("first"), "--seed", "7", "--keep-samples"]));
        var first = Figures("first");

        Assert.Equal(0, await LatencyCommand.RunAsync(["--report-only", Out("first")]));
        Assert.Equal(first, Figures("first"));

        foreach (var samples in Directory.EnumerateFiles(Out("first"), "samples-*"))
        {
            File.Delete(samples);
        }

        Assert.Equal(0, await LatencyCommand.RunAsync(["--report-only", Out("first")]));
        Assert.Equal(first, Figures("first"));
        Assert.Equal(2, await LatencyCommand.RunAsync(["--report-only", Out("first"), "--correct-clocks"]));
    }

    [Fact]
    public async Task Samples_are_kept_for_who_asks_and_every_plot_of_the_report_is_there()
    {
        await File.WriteAllLinesAsync(_folder.File("a.jsonl"), TraceLines.Of(Images(1_200)));

        Assert.Equal(0, await LatencyCommand.RunAsync(["--traces", _folder.File("a.jsonl"), "--out", Out("a")]));

        string[] files = [.. Directory.EnumerateFiles(Out("a")).Select(file => Path.GetFileName(file)!)];
        Assert.DoesNotContain(files, file => file.StartsWith("samples-", StringComparison.Ordinal));
        Assert.Contains("percentiles-stored.svg", files);
        Assert.All(files.Where(file => file.EndsWith(".svg", StringComparison.Ordinal)), file =>
        {
            Assert.Contains($"({file})", File.ReadAllText(Path.Combine(Out("a"), "report.md")), StringComparison.Ordinal);
            Assert.Contains(Path.ChangeExtension(file, ".png"), files);
        });
    }

    [Fact]
    public async Task A_quantile_that_the_report_withholds_is_in_no_plot()
    {
        // Of 300 images 15 lie beyond p95: too few.
        await File.WriteAllLinesAsync(_folder.File("a.jsonl"), TraceLines.Of(Images(300)));

        Assert.Equal(0, await LatencyCommand.RunAsync(["--traces", _folder.File("a.jsonl"), "--out", Out("a")]));

        var histograms = await File.ReadAllTextAsync(Path.Combine(Out("a"), "histograms-stored.svg"));
        Assert.Contains($"p90 {Result("a", "p90"):0.00} ms", histograms, StringComparison.Ordinal);
        Assert.DoesNotContain("p95", histograms, StringComparison.Ordinal);
        Assert.Contains("p50", await File.ReadAllTextAsync(Path.Combine(Out("a"), "stages.svg")), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "p95<", (await File.ReadAllTextAsync(Path.Combine(Out("a"), "stages.svg"))).ReplaceLineEndings("<"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_that_is_not_kept_sets_the_exit_status()
    {
        await File.WriteAllLinesAsync(_folder.File("a.jsonl"), TraceLines.Of(Images(500)));
        Assert.Equal(0, await LatencyCommand.RunAsync(["--traces", _folder.File("a.jsonl"), "--out", Out("a"), "--assert", "stored.p95<50",
            "--assert", "predicted.p50 < 9.5"]));

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
        return [.. Enumerable.Range(0, count).Select(number => AnImage.Due(
            number, 1_800_000_000_000_000_000 + number * 50_000_000L / producers.Length, producers[number % producers.Length],
            [.. AnImage.UsualStages.Select(stage => stage + (long)(-Math.Log(1 - random.NextDouble()) * 400_000))]))];
    }

    private static double Stored(JsonElement cell, string quantile) =>
        cell.GetProperty("endpoint").GetProperty("stored").GetProperty(quantile).GetDouble();

    private static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Experiments", "Golden", name);

    private string Out(string name) => _folder.File("out-" + name);

    private string Result(string name) => File.ReadAllText(Path.Combine(Out(name), "latency-result.json"));

    private double Result(string name, string quantile)
    {
        using var result = JsonDocument.Parse(Result(name));
        return result.RootElement.GetProperty("cells")[0].GetProperty("endpoint").GetProperty("stored").GetProperty(quantile).GetProperty("v")
            .GetDouble();
    }

    private static string WithoutTornLine(string result) => result.Replace(",\n        \"unreadable_lines\"", "", StringComparison.Ordinal);

    /// <summary>What is not a picture: a picture shows what <c>plots.json</c> and the result hold.</summary>
    private Dictionary<string, string> Figures(string name) => ((string[])["report.md", "latency-result.json", "plots.json", "cells.csv"])
        .ToDictionary(file => file, file => File.ReadAllText(Path.Combine(Out(name), file)));
}
