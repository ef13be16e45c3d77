using Pipeline.Latency.Results;
using ScottPlot;

namespace Pipeline.Latency.Plots;

/// <summary>p50 to p99 against the number of producers with their intervals, and the predecessors' p90 and p95 as hollow points.</summary>
internal static class PercentileCurves
{
    private static readonly (string Name, Func<Distribution, Quantile?> Of, Color Colour)[] Curves =
    [
        ("p50", distribution => new Quantile(distribution.P50, distribution.P50, distribution.P50), Palette.P50),
        ("p90", distribution => distribution.P90, Palette.P90),
        ("p95", distribution => distribution.P95, Palette.P95),
        ("p99", distribution => distribution.P99, Palette.P99),
    ];

    private static readonly (string Name, Func<Predecessors.Row, double> Of, Color Colour, MarkerShape Shape)[] Theirs =
    [
        ("predecessors' p90", row => row.P90Ms, Palette.P90, MarkerShape.OpenCircle),
        ("predecessors' p95", row => row.P95Ms, Palette.P95, MarkerShape.OpenSquare),
    ];

    public static Picture? Draw(IReadOnlyList<PlottedCell> cells, EndPoint endPoint)
    {
        var known = Figure.Known(cells, endPoint);
        if (known.Length == 0)
        {
            return null;
        }

        var picture = new Picture($"Latency {endPoint.What}", "bars: 95 % intervals; a percentile with too few images beyond it is left out");
        var plot = picture.Add(370, right: 206);
        plot.XLabel("producers × images a second each");
        plot.YLabel(Axes.LatencyLog);
        plot.Axes.Bottom.Names([.. known.Select(cell => cell.Name)]);
        plot.Axes.Left.Logarithmic(
        [
            .. known.SelectMany(cell => Curves.Select(curve => curve.Of(cell.DistributionTo(endPoint)!)).OfType<Quantile>())
                .SelectMany(quantile => (double[])[quantile.Lo, quantile.V, quantile.Hi]),
            .. Rows(known).SelectMany(row => (double[])[row.Row.P90Ms, row.Row.P95Ms]),
        ]);

        foreach (var (name, of, colour, shape) in Theirs.Reverse())
        {
            Join(plot, [.. Rows(known).Select(row => (row.At, row.Rate, of(row.Row)))], name, colour, shape, 1, LinePattern.Dotted);
        }

        foreach (var (name, of, colour) in Curves.Reverse())
        {
            (int At, double Rate, Quantile Quantile)[] points =
                [.. known.Select((cell, at) => (at, cell.Result.RatePerProducer, of(cell.DistributionTo(endPoint)!)!))
                .Where(point => point.Item3 is not null && double.IsFinite(point.Item3.V))];
            foreach (var (at, _, quantile) in points)
            {
                var interval = plot.Add.Line(
                    at, Math.Log10(quantile.Lo), at, double.IsFinite(quantile.Hi) ? Math.Log10(quantile.Hi) : plot.Axes.Left.Max);
                (interval.LineColor, interval.LineWidth) = (colour, 1.5f);
            }

            Join(plot, [.. points.Select(point => (point.At, point.Rate, point.Quantile.V))], name, colour, MarkerShape.FilledCircle, 2.2f,
                LinePattern.Solid);
        }

        plot.ShowLegendBeside();
        return picture;
    }

    /// <summary>A line joins the numbers of producers at one rate; from rate to rate it would mean nothing.</summary>
    private static void Join(
        Plot plot, (int At, double Rate, double Ms)[] points, string name, Color colour, MarkerShape shape, float width, LinePattern pattern)
    {
        foreach (var line in points.GroupBy(point => point.Rate))
        {
            var curve = plot.Add.Scatter(line.Select(point => new Coordinates(point.At, Math.Log10(point.Ms))).ToArray(), colour);
            (curve.LineWidth, curve.LinePattern, curve.MarkerShape, curve.MarkerSize, curve.MarkerLineWidth) = (width, pattern, shape, 8, 1.5f);
            curve.LegendText = line.Key == points[0].Rate ? name : "";
        }
    }

    private static IEnumerable<(int At, double Rate, Predecessors.Row Row)> Rows(IEnumerable<PlottedCell> cells) =>
        cells.Select((cell, at) => (at, cell.Result.RatePerProducer, Predecessors.Of(cell.Result.Producers)!)).Where(row => row.Item3 is not null);
}
