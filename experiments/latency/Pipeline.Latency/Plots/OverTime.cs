using Pipeline.Latency.Results;
using static System.FormattableString;

namespace Pipeline.Latency.Plots;

/// <summary>Latency along each run: the range from fastest to slowest and the median. Warm-up, pauses and rebalances show as hills.</summary>
internal static class OverTime
{
    private const int Slices = 200;
    private const double PanelHeight = 96;
    private const double PanelGap = 30;
    private const double Top = 78;

    public static Svg? Draw(IReadOnlyList<Cell> cells, Caption caption)
    {
        var known = cells.Where(cell => cell.Stored is not null).ToArray();
        if (known.Length == 0)
            return null;
        var svg = new Svg(Svg.PageWidth, Top + known.Length * (PanelHeight + PanelGap) + 34 + Caption.Height);
        svg.Text(20, 26, $"Latency {EndPoint.Stored.What}, along the run", 16, isBold: true);
        svg.Text(20, 44, "band: fastest to slowest · line: median · grey: warm-up, not counted", 12, colour: Palette.Faint);

        double[] latencies = [.. known.SelectMany(cell => cell.Stored!.All).Select(point => point.LatencyMs).Where(double.IsFinite)];
        var seconds = known.SelectMany(cell => cell.Stored!.All).Select(point => point.DueSeconds).DefaultIfEmpty(1).Max();
        for (var i = 0; i < known.Length; i++)
        {
            var bottom = Top + (i + 1) * (PanelHeight + PanelGap) - PanelGap;
            var x = new Scale(0, Math.Max(seconds, 1), 76, Svg.PageWidth - 24);
            var y = Scale.Log(latencies.Where(latency => latency > 0).DefaultIfEmpty(1).Min(), latencies.DefaultIfEmpty(10).Max(), bottom, bottom - PanelHeight);
            var panel = Panel.Draw(svg, x, y, i == known.Length - 1 ? "seconds since the run's first image" : null, i == known.Length / 2 ? "latency, ms (log)" : "");
            svg.Text(panel.Left + 2, panel.Top - 8, known[i].Name, 13, isBold: true);
            foreach (var run in known[i].Stored!.All.GroupBy(point => point.Repetition).OrderBy(run => run.Key))
            {
                DrawRun(svg, panel, run.Where(point => point.IsWarmUp), "#999999");
                DrawRun(svg, panel, run.Where(point => !point.IsWarmUp), Palette.Curve(run.Key - 1));
            }

            var lost = known[i].Result.Lost;
            if (lost > 0)
                svg.Text(panel.Right, panel.Top - 8, Invariant($"{lost:#,0} lost"), 12, "end", Palette.P95);
        }

        caption.Draw(svg);
        return svg;
    }

    private static void DrawRun(Svg svg, Panel panel, IEnumerable<Point> points, string colour)
    {
        var width = panel.X.Max / Slices;
        var slices = points.Where(point => double.IsFinite(point.LatencyMs)).GroupBy(point => (int)(point.DueSeconds / width)).OrderBy(slice => slice.Key)
            .Select(slice => (At: (slice.Key + 0.5) * width, Sorted: slice.Select(point => point.LatencyMs).Order().ToArray())).ToArray();
        svg.Area([
            .. slices.Select(slice => (panel.X[slice.At], panel.Y[slice.Sorted[^1]])),
            .. slices.Reverse().Select(slice => (panel.X[slice.At], panel.Y[slice.Sorted[0]]))], colour, 0.3);
        panel.Curve(slices.Select(slice => (slice.At, Statistics.Percentile.Of(slice.Sorted, 0.5))), colour, 1.4);
    }
}
