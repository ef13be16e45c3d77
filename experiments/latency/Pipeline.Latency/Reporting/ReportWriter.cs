using Pipeline.Latency.Plots;
using Pipeline.Latency.Results;
using Pipeline.Latency.Traces;
using static System.FormattableString;

namespace Pipeline.Latency.Reporting;

/// <summary>Makes everything that is derived from a folder's <c>experiment.json</c> and samples: the same files give the same figures.</summary>
internal static class ReportWriter
{
    /// <param name="directory">Where the experiment is, and where the report goes. Without
    /// samples there, the result that was made from them is reported anew.</param>
    /// <param name="correctClocks">Also when the experiment did not ask for it.</param>
    /// <exception cref="ExperimentException">A file is missing or damaged.</exception>
    public static async Task<LatencyResult> WriteAsync(string directory, bool correctClocks, CancellationToken cancellationToken)
    {
        var experiment = await Experiment.ReadAsync(directory, cancellationToken);
        var hasSamples = experiment.Runs.Any(run => File.Exists(Path.Combine(directory, run.Samples)));
        if (correctClocks && !hasSamples)
        {
            throw new ExperimentException($"{directory} holds no samples, and --correct-clocks needs them: measure with --keep-samples.");
        }

        var (result, plots) = hasSamples
            ? await FromSamplesAsync(directory, experiment, correctClocks, cancellationToken)
            : (await LatencyResult.ReadAsync(directory, cancellationToken), await PlotData.ReadAsync(directory, cancellationToken));
        await MarkdownReport.WriteAsync(directory, result, experiment, await DrawAsync(directory, result, plots, cancellationToken));
        return result;
    }

    /// <summary>Removes the samples: result and plots hold all that the report shows.</summary>
    public static async Task RemoveSamplesAsync(string directory, CancellationToken cancellationToken)
    {
        foreach (var run in (await Experiment.ReadAsync(directory, cancellationToken)).Runs)
        {
            File.Delete(Path.Combine(directory, run.Samples));
        }
    }

    private static async Task<(LatencyResult Result, PlotData Plots)> FromSamplesAsync(string directory, Experiment experiment, bool correctClocks,
        CancellationToken cancellationToken)
    {
        var cells = new List<Cell>();
        foreach (var group in experiment.Runs.GroupBy(run => (run.RatePerProducer, run.Producers)).OrderBy(group => group.Key))
        {
            var runs = new List<(Run, IReadOnlyList<Sample>)>();
            foreach (var run in group.OrderBy(run => run.Repetition))
            {
                runs.Add((run, await SamplesFile.ReadAsync(Path.Combine(directory, run.Samples), cancellationToken)));
            }

            cells.Add(Cell.Of(runs, experiment.CorrectClocks || correctClocks, experiment.Seed, experiment.Arrival));
        }

        var result = new LatencyResult(
            LatencyResult.SchemaName, experiment.Started, experiment.Host, experiment.Versions, experiment.Config, experiment.Seed,
            experiment.Profile,
            experiment.Replicas, [.. cells.Select(cell => cell.Result)]);
        var plots = PlotData.Of(cells);
        await result.WriteAsync(directory);
        await plots.WriteAsync(directory);
        await CellsFile.WriteAsync(directory, result);
        return (result, plots);
    }

    private static async Task<IReadOnlyList<Figure>> DrawAsync(
        string directory, LatencyResult result, PlotData plots, CancellationToken cancellationToken)
    {
        if (plots.Cells.Count != result.Cells.Count)
        {
            throw new ExperimentException($"{PlotData.FileName} and {LatencyResult.FileName} in {directory} are not of one experiment.");
        }

        PlottedCell[] cells = [.. result.Cells.Zip(plots.Cells, (cell, data) => new PlottedCell(cell, data))];
        var (fewest, most) = (cells.Min(cell => cell.Result.N), cells.Max(cell => cell.Result.N));
        var caption = Invariant(
            $"n = {fewest:#,0}{(fewest == most ? "" : Invariant($" to {most:#,0}"))} images a cell · seed {result.Seed} · profile {result.Profile} · {result.Started:yyyy-MM-dd}");
        var drawn = new List<Figure>();
        foreach (var figure in Figure.All)
        {
            // What an earlier report drew and this one does not must not stay.
            File.Delete(Path.Combine(directory, figure.FileName + ".png"));
            File.Delete(Path.Combine(directory, figure.FileName + ".svg"));
            if (figure.Draw(cells) is not { } picture)
            {
                continue;
            }

            await picture.SaveAsync(directory, figure.FileName, caption, cancellationToken);
            drawn.Add(figure);
        }

        return drawn;
    }
}
