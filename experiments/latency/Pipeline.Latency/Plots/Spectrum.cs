using Pipeline.Latency.Results;
using ScottPlot;
using ScottPlot.TickGenerators;
using static System.FormattableString;

namespace Pipeline.Latency.Plots;

/// <summary>The tail: every percentile against 1 / (1 − p), so that p99 is as far from p90 as p90 is from the beginning.</summary>
internal static class Spectrum
{
    public static readonly string WhereCurvesEnd = $"curves end where fewer than {Cell.MinTailSamples} images lie beyond, or the next are lost";

    private static readonly double[] Marks = [0, 0.5, 0.9, 0.95, 0.99, 0.999, 0.9999];

    public static Picture? Draw(IReadOnlyList<PlottedCell> cells, EndPoint endPoint)
    {
        PlottedCell[] known = [.. Figure.Known(cells, endPoint).Where(cell => cell.ShapeTo(endPoint)!.Quantiles.Count > 1)];
        if (known.Length == 0)
        {
            return null;
        }

        var picture = new Picture($"Latency {endPoint.What}, by percentile", WhereCurvesEnd);
        var plot = picture.Add(Curves.HeightPixels(known.Length), right: 146);
        plot.XLabel("percentile (1 / (1 − p), log)");
        plot.YLabel(Axes.LatencyLog);
        plot.Axes.Left.Logarithmic(known.SelectMany(cell => cell.ShapeTo(endPoint)!.Quantiles).Select(point => point.Ms));
        var last = At(known.Max(cell => cell.ShapeTo(endPoint)!.Quantiles[^1].P));
        (plot.Axes.Bottom.Min, plot.Axes.Bottom.Max) = (0, Math.Max(last * 1.05, 1));
        double[] marks = [.. Marks.Where(mark => At(mark) <= plot.Axes.Bottom.Max)];
        plot.Axes.Bottom.TickGenerator = new NumericManual(
            Array.ConvertAll(marks, At), Array.ConvertAll(marks, mark => Invariant($"p{mark * 100:0.####}")));

        for (var i = 0; i < known.Length; i++)
        {
            plot.Curve(known[i].ShapeTo(endPoint)!.Quantiles.Select(point => new Coordinates(At(point.P), Math.Log10(point.Ms))), known[i].Name, i);
        }

        plot.ShowLegendBeside();
        return picture;
    }

    private static double At(double p) => -Math.Log10(1 - p);
}
