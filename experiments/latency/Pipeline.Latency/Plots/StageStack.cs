using Pipeline.Latency.Results;
using ScottPlot;
using ScottPlot.TickGenerators;
using static System.FormattableString;

namespace Pipeline.Latency.Plots;

/// <summary>For each cell two bars that add up: the stages of the images near p50, and of those near p95.</summary>
internal static class StageStack
{
    public static Picture? Draw(IReadOnlyList<PlottedCell> cells)
    {
        (string Name, IReadOnlyDictionary<string, double> Stages)[] bars =
        [
            .. from cell in cells
               from band in ((string Name, IReadOnlyDictionary<string, double>? Stages)[])[("p50", cell.Result.StagesMs.P50Band),
                   ("p95", cell.Result.StagesMs.P95Band)]
               where band.Stages is not null
               select ($"{cell.Name}  {band.Name}", band.Stages),
        ];
        if (bars.Length == 0)
        {
            return null;
        }

        var picture = new Picture("Where the time goes", "images near p50 and near p95 of stored: mean of those within 1 % of the rank");
        var plot = picture.Add(Curves.HeightPixels(Stages.All.Length, bars.Length * 27 + 60), left: 108, right: 192);
        plot.XLabel("ms");
        plot.Axes.Bottom.Linear(bars.Max(bar => bar.Stages.Values.Sum()) * 1.12);
        (plot.Axes.Left.Min, plot.Axes.Left.Max) = (bars.Length - 0.5, -0.5);      // from the top down
        plot.Axes.Left.TickGenerator = new NumericManual([.. bars.Select((_, i) => (double)i)], [.. bars.Select(bar => bar.Name)]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Grid.YAxisStyle.IsVisible = false;

        for (var stage = 0; stage < Stages.All.Length; stage++)
        {
            DrawStage(plot, stage, bars);
        }

        for (var i = 0; i < bars.Length; i++)
        {
            var sum = plot.Add.Text(Invariant($"{bars[i].Stages.Values.Sum():0.00}"), bars[i].Stages.Values.Sum(), i);
            (sum.LabelFontSize, sum.LabelFontColor, sum.LabelAlignment, sum.OffsetX) = (12, Palette.Ink, Alignment.MiddleLeft, 5);
        }

        plot.ShowLegendBeside();
        return picture;
    }

    private static void DrawStage(Plot plot, int stage, (string Name, IReadOnlyDictionary<string, double> Stages)[] bars)
    {
        var drawn = plot.Add.Bars((Bar[])[.. bars.Select((bar, i) =>
        {
            var before = Stages.All.Take(stage).Sum(earlier => Math.Max(0, bar.Stages[earlier.Name]));
            return new Bar
            {
                Orientation = Orientation.Horizontal, Position = i, Size = 0.7, LineWidth = 0, FillColor = Palette.Stage(stage),
                ValueBase = before, Value = before + Math.Max(0, bar.Stages[Stages.All[stage].Name]),
            };
        })]);
        drawn.LegendText = Stages.All[stage].Name.Replace('_', ' ');
    }
}
