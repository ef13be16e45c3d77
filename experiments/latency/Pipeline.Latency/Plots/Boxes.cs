using Pipeline.Latency.Results;
using ScottPlot;

namespace Pipeline.Latency.Plots;

/// <summary>
/// How latency is spread in each cell: a box from p25 to p75 with the median in it, a paler one from p5 to p95, whiskers to p1 and p99.
/// </summary>
internal static class Boxes
{
    private static readonly Color Pale = Palette.Bar.WithAlpha(0.45);

    public static Picture? Draw(IReadOnlyList<PlottedCell> cells, EndPoint endPoint)
    {
        var known = Figure.Known(cells, endPoint);
        double[] drawn = [.. known.SelectMany(cell => (double?[])[Of(cell, 0.75), Of(cell, 0.95), Of(cell, 0.99)]).OfType<double>()];
        if (drawn.Length == 0)
        {
            return null;
        }

        var picture = new Picture($"Latency {endPoint.What}",
            "box p25 to p75 and median · pale p5 to p95 · whiskers p1 to p99; what has fewer than 20 images beyond it is left out");
        var plot = picture.Add(370);
        plot.XLabel("producers × images a second each");
        plot.YLabel("latency, ms");
        plot.Axes.Bottom.Names([.. known.Select(cell => cell.Name)]);
        plot.Axes.Left.Linear(drawn.Max() * 1.05);
        for (var i = 0; i < known.Length; i++)
        {
            DrawBox(plot, i, p => Of(known[i], p));
        }

        return picture;

        double? Of(PlottedCell cell, double p) => cell.ShapeTo(endPoint)!.Quantile(p);
    }

    private static void DrawBox(Plot plot, int at, Func<double, double?> quantile)
    {
        if (quantile(0.01) is { } p1 && quantile(0.99) is { } p99)
        {
            Line(at, p1, at, p99, Palette.Faint, 1.2f);
            foreach (var end in (double[])[p1, p99])
            {
                Line(at - 0.1, end, at + 0.1, end, Palette.Faint, 1.2f);
            }
        }

        // White below the pale one, or the whisker would show through.
        Box(0.16, 0.05, 0.95, Colors.White);
        Box(0.16, 0.05, 0.95, Pale);
        Box(0.28, 0.25, 0.75, Palette.Bar);
        if (quantile(0.5) is { } p50)
        {
            Line(at - 0.28, p50, at + 0.28, p50, Palette.Ink, 2);
        }

        void Line(double x1, double y1, double x2, double y2, Color colour, float width)
        {
            var line = plot.Add.Line(x1, y1, x2, y2);
            (line.LineColor, line.LineWidth) = (colour, width);
        }

        void Box(double half, double from, double to, Color colour)
        {
            if (quantile(from) is not { } low || quantile(to) is not { } high)
            {
                return;
            }

            var box = plot.Add.Rectangle(at - half, at + half, low, high);
            (box.FillColor, box.LineWidth) = (colour, 0);
        }
    }
}
