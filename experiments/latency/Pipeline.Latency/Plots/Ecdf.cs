using Pipeline.Latency.Results;
using ScottPlot;
using ScottPlot.TickGenerators;
using static System.FormattableString;

namespace Pipeline.Latency.Plots;

/// <summary>The share of images that were done within a time, a curve for each cell. Lost images keep a curve below 100 %.</summary>
internal static class Ecdf
{
    private static readonly double[] Marks = [50, 90, 95, 99];

    public static Picture? Draw(IReadOnlyList<PlottedCell> cells, EndPoint endPoint)
    {
        PlottedCell[] known = [.. Figure.Known(cells, endPoint).Where(cell => cell.ShapeTo(endPoint)!.Quantiles.Count > 1)];
        if (known.Length == 0)
        {
            return null;
        }

        var picture = new Picture($"Latency {endPoint.What}", Spectrum.WhereCurvesEnd);
        var plot = picture.Add(Curves.HeightPixels(known.Length), right: 166);
        plot.XLabel(Axes.LatencyLog);
        plot.YLabel("share of images");
        plot.Axes.Bottom.Logarithmic(known.SelectMany(cell => cell.ShapeTo(endPoint)!.Quantiles).Select(point => point.Ms));
        plot.Axes.Left.Linear(100, share => Axes.Label(share) + " %");
        foreach (var mark in Marks)
        {
            plot.Add.HorizontalLine(mark, 0.8f, Palette.Faint, LinePattern.Dotted);
        }

        (plot.Axes.Right.Min, plot.Axes.Right.Max) = (plot.Axes.Left.Min, plot.Axes.Left.Max);
        plot.Axes.Right.TickGenerator = new NumericManual(Marks, Array.ConvertAll(Marks, mark => Invariant($"p{mark}")));
        (plot.Axes.Right.TickLabelStyle.FontSize, plot.Axes.Right.TickLabelStyle.ForeColor,
            plot.Axes.Right.TickLabelStyle.OffsetY) = (10, Palette.Faint, 3);
        plot.Axes.Right.MajorTickStyle.Length = 0;

        for (var i = 0; i < known.Length; i++)
        {
            plot.Curve(known[i].ShapeTo(endPoint)!.Quantiles.Select(point => new Coordinates(Math.Log10(point.Ms), point.P * 100)), known[i].Name, i);
        }

        plot.ShowLegendBeside();
        return picture;
    }
}
