using Pipeline.Latency.Results;

namespace Pipeline.Latency.Plots;

/// <summary>The share of images that were done within a time, a curve for each cell. Lost images keep a curve below 1.</summary>
internal static class Ecdf
{
    /// <summary>More than a page can show; a curve through more points looks the same.</summary>
    private const int MaxPoints = 600;

    private static readonly double[] Marks = [0.5, 0.9, 0.95, 0.99];

    public static Svg? Draw(IReadOnlyList<Cell> cells, EndPoint endPoint, Caption caption)
    {
        var known = cells.Where(cell => cell.To(endPoint) is not null).ToArray();
        if (known.Length == 0)
            return null;
        var svg = new Svg(Svg.PageWidth, 440 + Caption.Height);
        svg.Text(20, 26, $"Latency {endPoint.What}", 16, isBold: true);

        double[] finite = [.. known.SelectMany(cell => cell.To(endPoint)!.Sorted).Where(latency => double.IsFinite(latency) && latency > 0)];
        if (finite.Length == 0)
            return null;
        var x = Scale.Log(finite.Min(), finite.Max(), 76, Svg.PageWidth - 140);
        var y = new Scale(0, 1, 384, 50);
        var panel = Panel.Draw(svg, x, y, "latency, ms (log)", "share of images", yText: tick => tick is 0 or 0.2 or 0.4 or 0.6 or 0.8 ? Scale.Label(tick) : "");
        foreach (var mark in Marks)
        {
            svg.Line(panel.Left, y[mark], panel.Right, y[mark], Palette.Faint, 0.7, "2 3");
            // p90 and p95 are too close for labels on the same side.
            svg.Text(panel.Right + 4, y[mark] + (mark == 0.99 ? 0 : mark == 0.95 ? 5 : 8), FormattableString.Invariant($"p{mark * 100:0}"), 10, colour: Palette.Faint);
        }

        for (var i = 0; i < known.Length; i++)
        {
            panel.Curve(Steps(known[i].To(endPoint)!.Sorted), Palette.Curve(i), 1.8, Palette.Dashes(i));
            svg.LegendEntry(panel.Right + 34, 110 + i * 20, known[i].Name, Palette.Curve(i), Palette.Dashes(i));
        }

        caption.Draw(svg);
        return svg;
    }

    private static IEnumerable<(double X, double Y)> Steps(double[] sorted)
    {
        var count = Math.Min(MaxPoints, sorted.Length);
        for (var i = 0; i < count; i++)
        {
            var rank = count == 1 ? 0 : (int)((long)i * (sorted.Length - 1) / (count - 1));
            if (double.IsFinite(sorted[rank]))
                yield return (sorted[rank], (rank + 1.0) / sorted.Length);
        }
    }
}
