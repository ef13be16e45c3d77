using Pipeline.Latency.Results;

namespace Pipeline.Latency.Plots;

/// <summary>p50 and p95 against all images offered a second: where the curves turn up, the pipeline is full.</summary>
internal static class OfferedRate
{
    public static Svg? Draw(IReadOnlyList<Cell> cells, Caption caption)
    {
        var known = cells.Where(cell => cell.Stored is { Sorted.Length: > 0 }).ToArray();
        if (known.Select(cell => cell.Result.RatePerProducer).Distinct().Count() < 2)
            return null;
        var svg = new Svg(Svg.PageWidth, 440 + Caption.Height);
        svg.Text(20, 26, $"Latency {EndPoint.Stored.What}, against load", 16, isBold: true);

        double[] values = [.. known.SelectMany(cell => (double[])[cell.Stored!.Quantile(0.5), cell.Stored.Quantile(0.95)]).Where(double.IsFinite)];
        var y = Scale.Log(values.DefaultIfEmpty(1).Min(), values.DefaultIfEmpty(10).Max(), 384, 50);
        var x = Scale.Log(known.Min(cell => cell.Result.OfferedPerS), known.Max(cell => cell.Result.OfferedPerS), 76, Svg.PageWidth - 150);
        var panel = Panel.Draw(svg, x, y, "images offered a second, all producers together (log)", "latency, ms (log)");
        var legend = 90;
        foreach (var (producers, index) in known.Select(cell => cell.Result.Producers).Distinct().Order().Select((producers, index) => (producers, index)))
        {
            var line = known.Where(cell => cell.Result.Producers == producers).OrderBy(cell => cell.Result.OfferedPerS).ToArray();
            foreach (var (p, dashes) in ((double, string?)[])[(0.5, "5 3"), (0.95, null)])
            {
                var points = line.Select(cell => (cell.Result.OfferedPerS, Ms: cell.Stored!.Quantile(p))).Where(point => double.IsFinite(point.Ms)).ToArray();
                panel.Curve(points, Palette.Curve(index), 2, dashes);
                foreach (var (at, ms) in points)
                    svg.Circle(x[at], y[ms], 3, Palette.Curve(index));
            }

            svg.LegendEntry(panel.Right + 12, legend, producers == 1 ? "1 producer" : $"{producers} producers", Palette.Curve(index));
            legend += 20;
        }

        svg.Text(panel.Right + 12, legend + 12, "solid p95, dashed p50", 11, colour: Palette.Faint);
        caption.Draw(svg);
        return svg;
    }
}
