using Pipeline.Latency.Results;
using static System.FormattableString;

namespace Pipeline.Latency.Plots;

/// <summary>A histogram for each cell on common axes, with lines at p90 and p95: the form of the figures that this experiment repeats.</summary>
internal static class Histograms
{
    private const int Bins = 80;
    private const double PanelHeight = 96;
    private const double PanelGap = 30;
    private const double Top = 58;

    public static Svg? Draw(IReadOnlyList<Cell> cells, EndPoint endPoint, Caption caption)
    {
        Series[] known = [.. cells.Select(cell => cell.To(endPoint)).OfType<Series>()];
        if (known.Length == 0)
            return null;
        var svg = new Svg(Svg.PageWidth, Top + known.Length * (PanelHeight + PanelGap) + 34 + Caption.Height);
        svg.Text(20, 26, $"Latency {endPoint.What}", 16, isBold: true);

        // A few slow images would press all others against the axis; how many lie beyond is said in words.
        var max = known.Select(series => series.Sorted.Where(double.IsFinite).ToArray()).Max(finite => Statistics.Percentile.Of(finite, 0.98));
        var x = Scale.Linear(Math.Max(max, 0.001), 76, Svg.PageWidth - 24);
        var shares = Array.ConvertAll(known, series => Shares(series, x.Max));
        var tallest = shares.Max(bins => bins.Max());

        var named = cells.Where(cell => cell.To(endPoint) is not null).ToArray();
        for (var i = 0; i < known.Length; i++)
        {
            var bottom = Top + (i + 1) * (PanelHeight + PanelGap) - PanelGap;
            var panel = Panel.Draw(svg, x, Scale.Linear(tallest * 100, bottom, bottom - PanelHeight), i == known.Length - 1 ? "latency, ms" : null, "", 3, tick => Scale.Label(tick) + " %");
            var binWidth = (panel.Right - panel.Left) / Bins;
            for (var bin = 0; bin < Bins; bin++)
            {
                if (shares[i][bin] > 0)
                    svg.Rectangle(panel.Left + bin * binWidth, panel.Y[shares[i][bin] * 100], binWidth - 0.8, panel.Bottom - panel.Y[shares[i][bin] * 100], Palette.Bar);
            }

            DrawQuantiles(svg, panel, known[i]);
            var beyond = known[i].Sorted.Count(latency => latency > x.Max);
            svg.Text(panel.Left + 2, panel.Top - 8, Invariant($"{named[i].Name}, n = {known[i].Sorted.Length:#,0}"), 13, isBold: true);
            if (beyond > 0)
                svg.Text(panel.Right, panel.Bottom - 6, Invariant($"{beyond:#,0} beyond ▸"), 11, "end", Palette.Faint);
        }

        caption.Draw(svg);
        return svg;
    }

    private static void DrawQuantiles(Svg svg, Panel panel, Series series)
    {
        var (p90, p95) = (series.Quantile(0.90), series.Quantile(0.95));
        foreach (var (value, colour, dashes) in ((double, string, string?)[])[(p90, Palette.P90, null), (p95, Palette.P95, "5 3")])
        {
            if (value <= panel.X.Max)
                svg.Line(panel.X[value], panel.Bottom, panel.X[value], panel.Top, colour, 2, dashes);
        }

        // In words at the right, because the lines may lie too close for labels of their own.
        svg.Text(panel.Right - 128, panel.Top - 8, $"p90 {Text(p90)}", 13, "end", Palette.P90, isBold: true);
        svg.Text(panel.Right, panel.Top - 8, $"p95 {Text(p95)}", 13, "end", Palette.P95, isBold: true);
    }

    private static string Text(double ms) => double.IsFinite(ms) ? Invariant($"{Math.Round(ms, 3):0.00} ms") : "> drain";

    private static double[] Shares(Series series, double max)
    {
        var bins = new double[Bins];
        foreach (var latency in series.Sorted)
        {
            if (latency >= 0 && latency < max)
                bins[(int)(latency / max * Bins)] += 1.0 / series.Sorted.Length;
        }

        return bins;
    }
}
