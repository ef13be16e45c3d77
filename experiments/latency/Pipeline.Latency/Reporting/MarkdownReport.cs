using Pipeline.Latency.Plots;
using Pipeline.Latency.Results;
using static System.FormattableString;

namespace Pipeline.Latency.Reporting;

/// <summary>The report for people, <c>report.md</c>: answer, tables, plots, then how it was measured and what limits it.</summary>
internal static class MarkdownReport
{
    public const string FileName = "report.md";

    public static Task WriteAsync(string directory, LatencyResult result, Experiment experiment, IEnumerable<Figure> figures) =>
        File.WriteAllTextAsync(Path.Combine(directory, FileName), string.Join('\n', (string[])
        [
            "# Latency from camera to prediction", "",
            .. Summary(result), "",
            .. Beside(result), "",
            .. Section("Until predicted", EndPoint.Predicted.What, result, cell => cell.Endpoint.Predicted),
            .. Section("Until stored", EndPoint.Stored.What, result, cell => cell.Endpoint.Stored),
            .. StagesSection(result),
            .. Repetitions(result),
            "## Plots", "",
            .. figures.SelectMany(figure => (string[])[$"![{figure.Title}]({figure.FileName}.svg)", ""]),
            .. Flags(result),
            .. Method(result, experiment), "",
        ]));

    private static IEnumerable<string> Summary(LatencyResult result)
    {
        var host = result.Host;
        yield return Invariant($"Profile `{result.Profile}`, begun {result.Started:yyyy-MM-dd HH:mm} UTC, seed {result.Seed}; {(host.Cores > 0 ? Invariant($"{host.Cores} cores of {host.Cpu}, {host.Os}") : host.Cpu)}.");
        foreach (var cell in result.Cells.Where(cell => cell.Endpoint.Stored is null))
        {
            yield return Invariant(
                $"**{cell.Producers} × {cell.RatePerProducer:0.###}/s: no percentiles, because only {cell.TraceCompleteness:P1} of the traces are complete (99 % are needed).**");
        }
    }

    private static IEnumerable<string> Beside(LatencyResult result)
    {
        yield return "## Beside the predecessors";
        yield return "";
        yield return "Milliseconds. Theirs: about one image a second and producer on a small cluster, timed from request to response at the producer, number of";
        yield return "images not known. Ours counts from the instant at which the image was due.";
        yield return "";
        foreach (var line in MarkdownTable.Write(
            ["producers", "rate/producer", "their p90", "their p95", "predicted p90", "predicted p95", "stored p90", "stored p95"],
            result.Cells.Select(cell => (string[])
            [
                Invariant($"{cell.Producers}"), Invariant($"{cell.RatePerProducer:0.###}"),
                Theirs(cell, row => row.P90Ms), Theirs(cell, row => row.P95Ms),
                Table.Ms(cell.Endpoint.Predicted?.P90?.V), Table.Ms(cell.Endpoint.Predicted?.P95?.V),
                Table.Ms(cell.Endpoint.Stored?.P90?.V), Table.Ms(cell.Endpoint.Stored?.P95?.V),
            ])))
        {
            yield return line;
        }
    }

    private static string Theirs(CellResult cell, Func<Predecessors.Row, double> of) =>
        Predecessors.Of(cell.Producers) is { } row ? Invariant($"{of(row):0.0}") : "–";

    private static IEnumerable<string> Section(string title, string what, LatencyResult result, Func<CellResult, Distribution?> of) =>
    [
        $"## {title}", "",
        $"Milliseconds from the instant at which an image was due {what}. Brackets: 95 % intervals.", "",
        .. result.Cells.Any(cell => of(cell) is not null) ? Table.Markdown(result.Cells, of) : ["Not measured."], "",
    ];

    private static IEnumerable<string> StagesSection(LatencyResult result) =>
    [
        "## Where the time goes", "",
        "Mean milliseconds of each stage over the images whose rank is within 1 % of the quantile of `stored`; the stages of an image add up to its",
        "latency to the nanosecond. Outside the stack: the broker's acknowledgement of an image, counted from its sending (median).", "",
        .. MarkdownTable.Write(
            ["producers", "rate/producer", "near", .. Stages.All.Select(stage => stage.Name), "sum", "ack_images"],
            from cell in result.Cells
            from band in (
                ((string Name, IReadOnlyDictionary<string, double>? Stages)[])[("p50", cell.StagesMs.P50Band), ("p95", cell.StagesMs.P95Band)])
            where band.Stages is not null
            select (string[])
            [
                Invariant($"{cell.Producers}"), Invariant($"{cell.RatePerProducer:0.###}"), band.Name,
                .. Stages.All.Select(stage => Table.Ms(band.Stages[stage.Name])), Table.Ms(band.Stages.Values.Sum()), Table.Ms(cell.AckImagesP50Ms),
            ]), "",
    ];

    private static IEnumerable<string> Repetitions(LatencyResult result) =>
        result.Cells.All(cell => cell.Repetitions.All(run => run.Repetition <= 1)) ? [] :
    [
        "## Repetition by repetition", "",
        .. MarkdownTable.Write(
            ["producers", "rate/producer", "end point", "repetition", "n", "p50", "p95", "p99"],
            from cell in result.Cells
            from run in cell.Repetitions
            select (string[])
            [
                Invariant($"{cell.Producers}"), Invariant($"{cell.RatePerProducer:0.###}"), run.EndPoint, Invariant($"{run.Repetition}"),
                Invariant($"{run.N}"),
                Table.Ms(run.P50), Table.Ms(run.P95), Table.Ms(run.P99),
            ]), "",
    ];

    private static readonly (string Flag, string Meaning)[] Meanings =
    [
        ("low_n_", "fewer than 100 images lie beyond this quantile, so it says little; with fewer than 20 it is left out"),
        ("incomplete_traces", "more than 1 % of the traces lack spans, so nothing is said of the latency"),
        ("generator_limited", "p50 or p95 until stored would be lower by more than 10 % if every image had left on time: that much of the latency is the load generator's"),
        ("not_steady", "no three windows in a row had medians that agree, so the longest warm-up was discarded (a third of the run, a minute at most) and what was measured may still change; a run of less than some 45 images is not judged"),
        ("lost_images", "images were never stored; each counts as infinite"),
        ("dropped_spans", "a service says it dropped spans"),
        ("unreadable_lines", "the trace file has lines that are no JSON"),
        ("negative_stages_", "images with a stage that ends before it begins: the clocks disagree"),
        ("clocks_corrected", "inference's stamps were put on the producer's clock"),
    ];

    private static IEnumerable<string> Flags(LatencyResult result)
    {
        var raised = Meanings.Where(known => result.Cells.Any(cell => cell.Flags.Any(flag => flag.StartsWith(known.Flag, StringComparison.Ordinal))))
            .ToArray();
        return raised.Length == 0
            ? []
            : ["## What the flags mean", "", .. raised.Select(known => $"- `{known.Flag.TrimEnd('_')}`: {known.Meaning}"), ""];
    }

    private static string[] Method(LatencyResult result, Experiment experiment)
    {
        var config = result.Config;
        string[] lines =
        [
            "## How it was measured", "",
            $"- Open loop: each camera has a timetable and keeps it whatever became of earlier images; {Arrivals.Describe(experiment.Arrival)}.",
            "- Latency counts from the scheduled instant, so a late generator counts too. Images never stored count as infinite (`> drain`).",
            "- Percentiles: linear interpolation (type 7) on the raw samples, repetitions pooled. Intervals: the wider of binomial order statistics and a",
            "  moving-block bootstrap (2,000 resamples).",
            Invariant($"- Warm-up discarded: {result.Cells.Min(cell => cell.WarmupS):0.#} to {result.Cells.Max(cell => cell.WarmupS):0.#} s. Complete traces: {result.Cells.Min(cell => cell.TraceCompleteness):P2} at least. Sampled: {result.Cells.Min(cell => cell.SamplingP):P0} of all images."),
            Invariant(
                $"- Order of runs: {string.Join(", ", experiment.Runs.Select(run => Invariant($"{run.Producers}×{run.RatePerProducer:0.###}/s")))}."),
            $"- Generator and pipeline share the host's cores, {(result.Host.Pinned ? "each pinned to its own" : "not pinned")}.",
            Invariant($"- Pipeline: {config.Model} {config.Precision}, {result.Replicas} inference process(es), {config.Partitions} partitions, acks {config.Acks}, linger {config.LingerMs} ms, batches of at most {config.MaxBatch} without waiting, write concern {config.WriteConcern}."),
            $"- Versions: {string.Join(", ", result.Versions.Select(version => $"{version.Key} {version.Value}"))}.",
        ];
        var clocks = result.Cells.Where(cell => cell.Clock.ThetaMs is not null)
            .Select(cell => Invariant($"{cell.Clock.ThetaMs:0.000} ± {cell.Clock.BoundMs:0.000} ms")).ToArray();
        return clocks.Length == 0 ? lines : [.. lines, $"- Inference's clock ahead of the producer's, by the echo: {string.Join(", ", clocks)}."];
    }
}
