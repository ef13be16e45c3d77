using ScottPlot;

namespace Pipeline.Latency.Plots;

/// <summary>Curves, one for each cell, and the legend that names them.</summary>
internal static class Curves
{
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
