using Pipeline.Latency.Results;
using static System.FormattableString;

namespace Pipeline.Latency.Plots;

/// <summary>For each cell two bars that add up: the stages of the images near p50, and of those near p95.</summary>
internal static class StageStack
{
    private const double BarHeight = 17;
    private const double CellHeight = 54;
    private const double Top = 104;

    public static Svg? Draw(IReadOnlyList<Cell> cells, Caption caption)
    {
        var known = cells.Where(cell => cell.Result.StagesMs.P50Band is not null).ToArray();
        if (known.Length == 0)
            return null;
        var svg = new Svg(Svg.PageWidth, Top + known.Length * CellHeight + 46 + Caption.Height);
        svg.Text(20, 26, "Where the time goes, for the images near p50 and near p95 of stored", 16, isBold: true);
        DrawLegend(svg);

        var longest = known.Max(cell => cell.Result.StagesMs.P95Band!.Values.Sum());
        var bottom = Top + known.Length * CellHeight;
        var x = Scale.Linear(longest, 130, Svg.PageWidth - 80);
        foreach (var tick in x.Ticks(8))
        {
            svg.Line(x[tick], Top - 6, x[tick], bottom, Palette.Grid);
            svg.Text(x[tick], bottom + 17, Scale.Label(tick), 12, "middle");
        }

        svg.Text((x.FromPixel + x.ToPixel) / 2, bottom + 36, "ms, mean of the images within 1 % of the rank", 13, "middle");
        for (var i = 0; i < known.Length; i++)
        {
            var top = Top + i * CellHeight;
            svg.Text(14, top + 22, known[i].Name, 13, isBold: true);
            DrawBar(svg, x, top, "p50", known[i].Result.StagesMs.P50Band!);
            DrawBar(svg, x, top + BarHeight + 3, "p95", known[i].Result.StagesMs.P95Band!);
        }

        caption.Draw(svg);
        return svg;
    }

    private static void DrawBar(Svg svg, Scale x, double top, string name, IReadOnlyDictionary<string, double> stages)
    {
        svg.Text(x.FromPixel - 6, top + 13, name, 12, "end");
        var from = 0.0;
        for (var i = 0; i < Stages.All.Length; i++)
        {
            var ms = Math.Max(0, stages[Stages.All[i].Name]);
            svg.Rectangle(x[from], top, x[from + ms] - x[from], BarHeight, Palette.Stage(i));
            from += ms;
        }

        svg.Text(x[from] + 5, top + 13, Invariant($"{from:0.00}"), 12);
    }

    private static void DrawLegend(Svg svg)
    {
        for (var i = 0; i < Stages.All.Length; i++)
        {
            var (column, row) = (i % 5, i / 5);
            svg.Rectangle(20 + column * 154, 44 + row * 22, 14, 14, Palette.Stage(i));
            svg.Text(39 + column * 154, 56 + row * 22, Stages.All[i].Name.Replace('_', ' '), 12);
        }
    }
}
