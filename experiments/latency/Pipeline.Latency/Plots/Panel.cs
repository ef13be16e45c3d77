namespace Pipeline.Latency.Plots;

/// <summary>One pair of axes in a picture.</summary>
internal sealed class Panel
{
    private readonly Svg _svg;

    private Panel(Svg svg, Scale x, Scale y) => (_svg, X, Y) = (svg, x, y);

    public Scale X { get; }

    public Scale Y { get; }

    public double Left => X.FromPixel;

    public double Right => X.ToPixel;

    public double Top => Y.ToPixel;

    public double Bottom => Y.FromPixel;

    /// <summary>Draws the grid and the labels of the axes.</summary>
    /// <param name="xLabel">Null: no numbers below, for panels that share the axis of a lower one.</param>
    public static Panel Draw(Svg svg, Scale x, Scale y, string? xLabel, string yLabel, int yTicks = 6, Func<double, string>? yText = null, bool hasXTicks = true)
    {
        var panel = new Panel(svg, x, y);
        foreach (var tick in hasXTicks ? x.Ticks(8) : [])
        {
            svg.Line(x[tick], panel.Bottom, x[tick], panel.Top, Palette.Grid);
            if (xLabel is not null)
                svg.Text(x[tick], panel.Bottom + 17, Scale.Label(tick), 12, "middle");
        }

        foreach (var tick in y.Ticks(yTicks))
        {
            svg.Line(panel.Left, y[tick], panel.Right, y[tick], Palette.Grid);
            svg.Text(panel.Left - 6, y[tick] + 4, (yText ?? Scale.Label)(tick), 12, "end");
        }

        svg.Line(panel.Left, panel.Bottom, panel.Right, panel.Bottom, Palette.Faint);
        svg.Line(panel.Left, panel.Bottom, panel.Left, panel.Top, Palette.Faint);
        if (xLabel is not null)
            svg.Text((panel.Left + panel.Right) / 2, panel.Bottom + 36, xLabel, 13, "middle");
        if (yLabel.Length > 0)
            svg.Text(panel.Left - 50, (panel.Top + panel.Bottom) / 2, yLabel, 13, "middle", turned: true);
        return panel;
    }

    public void Curve(IEnumerable<(double X, double Y)> points, string colour, double thickness = 1.8, string? dashes = null) =>
        _svg.Curve(points.Select(point => (X[point.X], Y[point.Y])), colour, thickness, dashes);
}
