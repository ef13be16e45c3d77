using Pipeline.Latency.Results;
using ScottPlot;
using static System.FormattableString;

namespace Pipeline.Latency.Plots;

/// <summary>Latency along each run: the range from fastest to slowest and the median. Warm-up, pauses and rebalances show as hills.</summary>
internal static class OverTime
{
    private const int PanelPixels = 128;

    public static Picture? Draw(IReadOnlyList<PlottedCell> cells)
    {
        PlottedCell[] known = [.. cells.Where(cell => cell.Data.OverTime.Count > 0)];
        if (known.Length == 0)
        {
            return null;
        }

        var picture = new Picture($"Latency {EndPoint.Stored.What}, along the run",
            "band: fastest to slowest · line: median, of 40 images at least · grey: warm-up, not counted");
        var slices = known.SelectMany(cell => cell.Data.OverTime).ToArray();
        foreach (var cell in known)
        {
            var isLast = cell == known[^1];
            var plot = picture.Add(PanelPixels + (isLast ? 24 : 0), top: 26, bottom: isLast ? 46 : 22);
            plot.Axes.Bottom.Linear(slices.Max(slice => slice.AtSeconds) * 1.01);
            plot.Axes.Left.Logarithmic(slices.SelectMany(slice => (double[])[slice.MinMs, slice.MaxMs]), labels: 4);
            if (isLast)
            {
                plot.XLabel("seconds since the run's first image");
            }

            if (cell == known[known.Length / 2])
            {
                plot.YLabel(Axes.LatencyLog);
            }

            picture.Label(cell.Name, Palette.Ink);
            if (cell.Result.Lost > 0)
            {
                picture.Label(Invariant($"{cell.Result.Lost:#,0} lost"), Palette.P95, fromRight: 0);
            }

            foreach (var run in cell.Data.OverTime.GroupBy(slice => (slice.Repetition, slice.IsWarmUp)))
            {
                DrawRun(plot, [.. run], run.Key.IsWarmUp ? Palette.WarmUp : Palette.Curve(run.Key.Repetition - 1));
            }
        }

        return picture;
    }

    private static void DrawRun(Plot plot, TimeSlice[] slices, Color colour)
    {
        double[] seconds = Array.ConvertAll(slices, slice => slice.AtSeconds);
        var band = plot.Add.FillY(
            seconds, Array.ConvertAll(slices, slice => Log(plot, slice.MinMs)), Array.ConvertAll(slices, slice => Log(plot, slice.MaxMs)));
        (band.FillColor, band.LineWidth) = (colour.WithAlpha(0.3), 0);
        Coordinates[] medians =
            [.. from slice in slices where slice.MedianMs is not null select new Coordinates(slice.AtSeconds, Log(plot, slice.MedianMs!.Value))];
        plot.Add.ScatterLine(medians, colour).LineWidth = 1.4f;
    }

    // Clocks of several hosts may disagree so far that an image comes before it was due.
    private static double Log(Plot plot, double ms) => ms > 0 ? Math.Log10(ms) : plot.Axes.Left.Min;
}
