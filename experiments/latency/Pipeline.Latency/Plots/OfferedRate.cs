using Pipeline.Latency.Results;
using ScottPlot;

namespace Pipeline.Latency.Plots;

/// <summary>p50 and p95 against all images offered a second: where the curves turn up, the pipeline is full.</summary>
internal static class OfferedRate
{
    private static readonly (Func<Distribution, double?> Of, LinePattern Pattern, bool IsNamed)[] Quantiles =
        [(distribution => distribution.P50, LinePattern.DenselyDashed, false), (distribution => distribution.P95?.V, LinePattern.Solid, true)];

    public static Picture? Draw(IReadOnlyList<PlottedCell> cells)
    {
        var known = Figure.Known(cells, EndPoint.Stored);
        if (known.Select(cell => cell.Result.RatePerProducer).Distinct().Count() < 2)
        {
            return null;
        }

        var picture = new Picture($"Latency {EndPoint.Stored.What}, against load", "solid: p95 · dashed: p50");
        var plot = picture.Add(370, right: 156);
        plot.XLabel("images offered a second, all producers together (log)");
        plot.YLabel(Axes.LatencyLog);
        plot.Axes.Bottom.Logarithmic(known.Select(cell => cell.Result.OfferedPerS));
        plot.Axes.Left.Logarithmic(
            known.SelectMany(cell => Quantiles.Select(quantile => quantile.Of(cell.Result.Endpoint.Stored!))).OfType<double>());
        foreach (var (line, index) in known.GroupBy(cell => cell.Result.Producers).OrderBy(line => line.Key).Select((line, index) => (line, index)))
        {
            foreach (var (of, pattern, isNamed) in Quantiles)
            {
                Coordinates[] points =
                [
                    .. from cell in line
                       orderby cell.Result.OfferedPerS
                       let ms = of(cell.Result.Endpoint.Stored!)
                       where ms is { } known && double.IsFinite(known)
                       select new Coordinates(Math.Log10(cell.Result.OfferedPerS), Math.Log10(ms.Value)),
                ];
                var curve = plot.Add.Scatter(points, Palette.Curve(index));
                (curve.LineWidth, curve.LinePattern, curve.MarkerSize) = (2, pattern, 6);
                curve.LegendText = !isNamed ? "" : line.Key == 1 ? "1 producer" : $"{line.Key} producers";
            }
        }

        plot.ShowLegendBeside();
        return picture;
    }
}
