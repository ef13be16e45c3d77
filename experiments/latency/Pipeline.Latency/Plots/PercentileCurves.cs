using Pipeline.Latency.Results;

namespace Pipeline.Latency.Plots;

/// <summary>p50 to p99 against the number of producers with their intervals, and the predecessors' p90 and p95 as hollow points.</summary>
internal static class PercentileCurves
{
    private static readonly (string Name, Func<Distribution, Quantile?> Of, string Colour)[] Curves =
    [
        ("p50", distribution => new Quantile(distribution.P50, distribution.P50, distribution.P50), "#009E73"),
        ("p90", distribution => distribution.P90, Palette.P90),
        ("p95", distribution => distribution.P95, Palette.P95),
        ("p99", distribution => distribution.P99, "#CC79A7"),
    ];

    public static Svg? Draw(IReadOnlyList<Cell> cells, EndPoint endPoint, Caption caption)
    {
        (Cell Cell, Distribution Distribution)[] known = [.. cells.Select(cell => (cell, Of(cell, endPoint)!)).Where(pair => pair.Item2 is not null)];
        if (known.Length == 0)
            return null;
        var svg = new Svg(Svg.PageWidth, 440 + Caption.Height);
        svg.Text(20, 26, $"Latency {endPoint.What}", 16, isBold: true);

        double[] values =
        [
            .. known.SelectMany(pair => Curves.Select(curve => curve.Of(pair.Distribution)).OfType<Quantile>()).SelectMany(quantile => (double[])[quantile.Lo, quantile.Hi]),
            .. Predecessors.All.SelectMany(row => (double[])[row.P90Ms, row.P95Ms]),
        ];
        var y = Scale.Log(values.Where(double.IsFinite).Min(), values.Where(double.IsFinite).Max(), 384, 62);
        var x = new Scale(-0.5, known.Length - 0.5, 76, Svg.PageWidth - 128);
        var panel = Panel.Draw(svg, x, y, "producers × images a second each", "latency, ms (log)", hasXTicks: false);
        for (var i = 0; i < known.Length; i++)
            svg.Text(x[i], panel.Bottom + 17, known[i].Cell.Name, known.Length > 8 ? 8 : 12, "middle");

        DrawPredecessors(svg, panel, known.Select(pair => pair.Cell));
        var legend = 96.0;
        foreach (var (name, of, colour) in Curves)
        {
            var points = known.Select((pair, i) => (X: i, Quantile: of(pair.Distribution))).Where(point => point.Quantile is not null && double.IsFinite(point.Quantile.V)).ToArray();
            // A line joins the numbers of producers at one rate; from rate to rate it would mean nothing.
            foreach (var line in points.GroupBy(point => known[point.X].Cell.Result.RatePerProducer))
                panel.Curve(line.Select(point => ((double)point.X, point.Quantile!.V)), colour, 2.2);
            foreach (var (at, quantile) in points)
            {
                svg.Line(x[at], y[quantile!.Lo], x[at], y[double.IsFinite(quantile.Hi) ? quantile.Hi : y.Max], colour, 1.5);
                svg.Circle(x[at], y[quantile.V], 3.6, colour);
            }

            svg.LegendEntry(panel.Right + 12, legend, name, colour, size: 13);
            legend += 22;
        }

        svg.Text(panel.Right + 12, legend + 12, "predecessors:", 12, colour: Palette.Faint);
        foreach (var (name, colour) in ((string, string)[])[("p90", Palette.P90), ("p95", Palette.P95)])
        {
            legend += 22;
            svg.Circle(panel.Right + 23, legend + 10, 4, colour, isFilled: false);
            svg.Text(panel.Right + 40, legend + 14, name);
        }

        caption.Draw(svg);
        return svg;
    }

    private static void DrawPredecessors(Svg svg, Panel panel, IEnumerable<Cell> cells)
    {
        var rows = cells.Select((cell, i) => (X: (double)i, cell.Result.RatePerProducer, Row: Predecessors.Of(cell.Result.Producers)))
            .Where(point => point.Row is not null).ToArray();
        foreach (var (of, colour) in ((Func<Predecessors.Row, double>, string)[])[(row => row.P90Ms, Palette.P90), (row => row.P95Ms, Palette.P95)])
        {
            foreach (var line in rows.GroupBy(point => point.RatePerProducer))
                panel.Curve(line.Select(point => (point.X, of(point.Row!))), colour, 1, "3 4");
            foreach (var (at, _, row) in rows)
                svg.Circle(panel.X[at], panel.Y[of(row!)], 4, colour, isFilled: false);
        }
    }

    private static Distribution? Of(Cell cell, EndPoint endPoint) =>
        endPoint == EndPoint.Predicted ? cell.Result.Endpoint.Predicted : cell.Result.Endpoint.Stored;
}
