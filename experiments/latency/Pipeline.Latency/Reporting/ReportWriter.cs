using Pipeline.Latency.Plots;
using Pipeline.Latency.Results;
using Pipeline.Latency.Traces;
using static System.FormattableString;

namespace Pipeline.Latency.Reporting;

/// <summary>Makes everything that is derived from a folder's <c>experiment.json</c> and samples: the same files give the same bytes.</summary>
internal static class ReportWriter
{
    /// <param name="directory">Where experiment and samples are, and where the report goes.</param>
    /// <param name="correctClocks">Also when the experiment did not ask for it.</param>
    /// <param name="say">Takes lines for the terminal.</param>
    /// <exception cref="ExperimentException">A file is missing or damaged.</exception>
    public static async Task<LatencyResult> WriteAsync(string directory, bool correctClocks, Action<string> say, CancellationToken cancellation)
    {
        var experiment = await Experiment.ReadAsync(directory, cancellation);
        var cells = new List<Cell>();
        foreach (var group in experiment.Runs.GroupBy(run => (run.RatePerProducer, run.Producers)).OrderBy(group => group.Key))
        {
            var runs = new List<(Run, IReadOnlyList<Sample>)>();
            foreach (var run in group.OrderBy(run => run.Repetition))
                runs.Add((run, await SamplesFile.ReadAsync(Path.Combine(directory, run.Samples), cancellation)));
            cells.Add(Cell.Of(runs, experiment.CorrectClocks || correctClocks, experiment.Seed, experiment.Arrival));
        }

        var result = new LatencyResult(
            LatencyResult.SchemaName, experiment.Started, experiment.Host, experiment.Versions, experiment.Config, experiment.Seed, experiment.Profile,
            experiment.Replicas, [.. cells.Select(cell => cell.Result)]);
        var figures = await DrawAsync(directory, cells, experiment, say, cancellation);
        await result.WriteAsync(directory);
        await CellsFile.WriteAsync(directory, result);
        await MarkdownReport.WriteAsync(directory, result, experiment, figures);
        return result;
    }

    private static async Task<IReadOnlyList<Figure>> DrawAsync(
        string directory, IReadOnlyList<Cell> cells, Experiment experiment, Action<string> say, CancellationToken cancellation)
    {
        var n = cells.Select(cell => cell.Result.N).ToArray();
        var caption = new Caption(Invariant($"n = {n.Min():#,0}{(n.Min() == n.Max() ? "" : Invariant($" to {n.Max():#,0}"))} images a cell · seed {experiment.Seed} · profile {experiment.Profile} · {experiment.Started:yyyy-MM-dd}"));
        var drawn = new List<Figure>();
        foreach (var figure in Figure.All)
        {
            // What an earlier report drew and this one does not must not stay.
            File.Delete(Path.Combine(directory, figure.FileName + ".png"));
            File.Delete(Path.Combine(directory, figure.FileName + ".svg"));
            if (figure.Draw(cells, caption) is not { } svg)
                continue;
            await File.WriteAllTextAsync(Path.Combine(directory, figure.FileName + ".svg"), svg.ToString(), cancellation);
            drawn.Add(figure);
        }

        if (drawn.Count > 0 && await Rasteriser.ToPngAsync([.. drawn.Select(figure => Path.Combine(directory, figure.FileName + ".svg"))], cancellation) is { } problem)
            say(problem);
        return drawn;
    }
}
