using Pipeline.Latency.Results;
using ScottPlot;
using static System.FormattableString;

namespace Pipeline.Latency.Plots;

/// <summary>A histogram for each cell on common axes, with lines at p90 and p95: the form of the figures that this experiment repeats.</summary>
internal static class Histograms
{
    private const int PanelPixels = 128;

    public static Picture? Draw(IReadOnlyList<PlottedCell> cells, EndPoint endPoint)
    {
        var known = Figure.Known(cells, endPoint);
        if (known.Length == 0)
        {
            return null;
        }

        var picture = new Picture($"Latency {endPoint.What}", "share of images in each bin");
        var max = known[0].ShapeTo(endPoint)!.Histogram is var first ? first.BinMs * first.Counts.Count : 0;
        var tallest = known.Max(cell => Shares(cell.ShapeTo(endPoint)!).Max());
        foreach (var cell in known)
        {
            var isLast = cell == known[^1];
            var plot = picture.Add(PanelPixels + (isLast ? 24 : 0), top: 26, bottom: isLast ? 46 : 22);
            plot.Axes.Bottom.Linear(max);
            plot.Axes.Left.Linear(tallest * 1.05, share => Axes.Label(share) + " %");
            if (isLast)
            {
                plot.XLabel("latency, ms");
            }

            DrawPanel(picture, plot, cell, cell.ShapeTo(endPoint)!, cell.DistributionTo(endPoint)!);
        }

        return picture;
    }

    private static void DrawPanel(Picture picture, Plot plot, PlottedCell cell, Shape shape, Distribution distribution)
    {
        var (binMs, beyond) = (shape.Histogram.BinMs, shape.Histogram.Beyond);
        plot.Add.Bars((Bar[])[.. Shares(shape).Select((share, bin) => new Bar
        {
            Position = (bin + 0.5) * binMs, Value = share, Size = binMs * 0.9, FillColor = Palette.Bar, LineWidth = 0,
        })]);

        // In words at the top, because the lines may lie too close for labels of their own.
        picture.Label(Invariant($"{cell.Name}, n = {distribution.N:#,0}"), Palette.Ink);
        Line(distribution.P90, "p90", Palette.P90, LinePattern.Solid, 132);
        Line(distribution.P95, "p95", Palette.P95, LinePattern.DenselyDashed, 0);
        if (beyond > 0)
        {
            var words = plot.Add.Annotation(Invariant($"{beyond:#,0} beyond →"), Alignment.LowerRight);
            (words.LabelFontSize, words.LabelFontColor, words.LabelBackgroundColor, words.LabelBorderWidth, words.LabelShadowColor) =
                (11, Palette.Faint, Colors.Transparent, 0, Colors.Transparent);
        }

        void Line(Quantile? quantile, string name, Color colour, LinePattern pattern, float fromRight)
        {
            if (quantile is null)
            {
                return;
            }

            if (quantile.V <= plot.Axes.Bottom.Max)
            {
                plot.Add.VerticalLine(quantile.V, 2, colour, pattern);
            }

            picture.Label(double.IsFinite(quantile.V) ? Invariant($"{name} {quantile.V:0.00} ms") : $"{name} > drain", colour, fromRight);
        }
    }

    private static IEnumerable<double> Shares(Shape shape)
    {
        var all = shape.Histogram.Counts.Sum() + shape.Histogram.Beyond;
        return shape.Histogram.Counts.Select(count => 100.0 * count / all);
    }
}
