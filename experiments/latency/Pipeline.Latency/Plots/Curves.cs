using ScottPlot;

namespace Pipeline.Latency.Plots;

/// <summary>Curves, one for each cell, and the legend that names them.</summary>
internal static class Curves
{
    /// <summary>So high that the legend needs one column only.</summary>
    public static int HeightPixels(int curves, int usual = 370) => Math.Max(usual, 70 + curves * 21);

    /// <param name="index">Decides colour and dashes.</param>
    public static void Curve(this Plot plot, IEnumerable<Coordinates> points, string name, int index)
    {
        var curve = plot.Add.ScatterLine(points.ToArray(), Palette.Curve(index));
        (curve.LineWidth, curve.LinePattern, curve.LegendText) = (1.8f, Palette.Pattern(index), name);
    }

    /// <summary>To the right of the axes, where no curve runs.</summary>
    public static void ShowLegendBeside(this Plot plot)
    {
        var legend = plot.ShowLegend(Edge.Right).Legend;
        (legend.FontSize, legend.FontColor, legend.OutlineWidth, legend.ShadowColor) = (12, Palette.Ink, 0, Colors.Transparent);
    }
}
