using Pipeline.Latency.Results;
using Pipeline.Latency.Statistics;

namespace Pipeline.Latency.Plots;

/// <summary>The tail: every percentile against 1 / (1 − p), so that p99 is as far from p90 as p90 is from the beginning. A curve ends where images do, or are lost.</summary>
internal static class Spectrum
{
    private const int PointsPerDecade = 40;

    public static Svg? Draw(IReadOnlyList<Cell> cells, EndPoint endPoint, Caption caption)
    {
        (string Name, double[] Sorted)[] known = [.. cells.Where(cell => cell.To(endPoint) is not null).Select(cell => (cell.Name, cell.To(endPoint)!.Sorted))];
        double[] finite = [.. known.SelectMany(cell => cell.Sorted).Where(latency => double.IsFinite(latency) && latency > 0)];
        if (finite.Length == 0)
            return null;
        var svg = new Svg(Svg.PageWidth, 440 + Caption.Height);
        svg.Text(20, 26, $"Latency {endPoint.What}, by percentile", 16, isBold: true);

        var x = new Scale(1, Math.Max(10, known.Max(cell => cell.Sorted.Length)), 76, Svg.PageWidth - 116, IsLog: true);
        var y = Scale.Log(finite.Min(), finite.Max(), 384, 50);
        var panel = Panel.Draw(svg, x, y, null, "latency, ms (log)", hasXTicks: false);
        svg.Text((panel.Left + panel.Right) / 2, panel.Bottom + 36, "percentile (1 / (1 − p), log)", 13, "middle");
        for (var (inverse, name) = (1.0, 0); inverse <= x.Max; (inverse, name) = (Math.Pow(10, name + 1), name + 1))
        {
            svg.Line(x[inverse], panel.Bottom, x[inverse], panel.Top, Palette.Grid);
            svg.Text(x[inverse], panel.Bottom + 17, FormattableString.Invariant($"p{100 * (1 - 1 / inverse):0.####}"), 12, "middle");
        }

        for (var i = 0; i < known.Length; i++)
        {
            panel.Curve(Points(known[i].Sorted), Palette.Curve(i), 1.8, Palette.Dashes(i));
            svg.LegendEntry(panel.Right + 12, 110 + i * 20, known[i].Name, Palette.Curve(i), Palette.Dashes(i));
        }

        caption.Draw(svg);
        return svg;
    }

    private static IEnumerable<(double X, double Y)> Points(double[] sorted)
    {
        var last = Math.Log10(sorted.Length) * PointsPerDecade;
        for (var i = 0; i <= last; i++)
        {
            var inverse = Math.Pow(10, i / (double)PointsPerDecade);
            var latency = Percentile.Of(sorted, 1 - 1 / inverse);
            if (double.IsFinite(latency))
                yield return (inverse, latency);
        }
    }
}
