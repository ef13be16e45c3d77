using Pipeline.Latency.Results;
using Pipeline.Latency.Statistics;

namespace Pipeline.Latency.Plots;

/// <summary>How latency is spread in each cell: a box from p25 to p75 with the median in it, a paler one from p5 to p95, whiskers to p1 and p99.</summary>
internal static class Boxes
{
    /// <summary>Half the width of a box, in steps from cell to cell.</summary>
    private const double Inner = 0.28, Outer = 0.16, WhiskerEnd = 0.1;

    public static Svg? Draw(IReadOnlyList<Cell> cells, EndPoint endPoint, Caption caption)
    {
        (string Name, double[] Sorted)[] known = [.. cells.Where(cell => cell.To(endPoint) is not null).Select(cell => (cell.Name, cell.To(endPoint)!.Sorted))];
        double[] drawn = [.. known.SelectMany(cell => (double[])[Percentile.Of(cell.Sorted, 0.01), Percentile.Of(cell.Sorted, 0.99)]).Where(double.IsFinite)];
        if (drawn.Length == 0)
            return null;
        var svg = new Svg(Svg.PageWidth, 440 + Caption.Height);
        svg.Text(20, 26, $"Latency {endPoint.What}", 16, isBold: true);
        svg.Text(20, 44, "box p25 to p75 and median · pale p5 to p95 · whiskers p1 to p99", 11, colour: Palette.Faint);

        var y = Scale.Linear(drawn.Max(), 384, 62);
        var x = new Scale(-0.5, known.Length - 0.5, 76, Svg.PageWidth - 24);
        var panel = Panel.Draw(svg, x, y, "producers × images a second each", "latency, ms", hasXTicks: false);
        for (var i = 0; i < known.Length; i++)
        {
            svg.Text(x[i], panel.Bottom + 17, known[i].Name, known.Length > 8 ? 8 : 12, "middle");
            DrawBox(svg, panel, i, known[i].Sorted);
        }

        caption.Draw(svg);
        return svg;
    }

    private static void DrawBox(Svg svg, Panel panel, int at, double[] sorted)
    {
        double At(double p) => panel.Y[Percentile.Of(sorted, p)];
        svg.Line(panel.X[at], At(0.01), panel.X[at], At(0.99), Palette.Faint, 1.2);
        foreach (var end in (double[])[0.01, 0.99])
            svg.Line(panel.X[at - WhiskerEnd], At(end), panel.X[at + WhiskerEnd], At(end), Palette.Faint, 1.2);
        Box(Outer, 0.05, 0.95, 0.45);
        Box(Inner, 0.25, 0.75, 1);
        svg.Line(panel.X[at - Inner], At(0.5), panel.X[at + Inner], At(0.5), Palette.Ink, 2);

        void Box(double half, double from, double to, double opacity)
        {
            // White below the pale one, or the whisker would show through.
            foreach (var (colour, strength) in ((string, double)[])[("white", 1), (Palette.Bar, opacity)])
                svg.Rectangle(panel.X[at - half], At(to), panel.X[at + half] - panel.X[at - half], At(from) - At(to), colour, strength);
        }
    }
}
