using Pipeline.Latency.Plots;
using Pipeline.Latency.Results;
using Pipeline.Latency.Traces;

namespace Pipeline.Tests.Experiments;

/// <summary>The numbers that the plots are drawn from.</summary>
public sealed class PlotDataTests
{
    private const long Due = 1_800_000_000_000_000_000;

    [Fact]
    public void Quantiles_are_the_samples_own_and_end_where_fewer_than_20_images_lie_beyond()
    {
        // 1, 2 … 1,001 ms, well mixed: type 7 puts every quantile on a sample.
        var shape = PlotData.Of([CellOf(1_001, number => number * 619 % 1_001 + 1)]).Cells[0].Stored!;

        Assert.Equal((51.0, 501.0, 951.0), (shape.Quantile(0.05), shape.Quantile(0.5), shape.Quantile(0.95)));
        Assert.Equal((0.02, 0.98), (shape.Quantiles[0].P, shape.Quantiles[^1].P));
        Assert.Null(shape.Quantile(0.99));
    }

    [Fact]
    public void Quantiles_end_before_images_that_were_lost()
    {
        var shape = PlotData.Of([CellOf(1_000, number => number * 619 % 1_000 + 1, lost: 100)]).Cells[0].Stored!;

        Assert.Equal(0.895, shape.Quantiles[^1].P);
        Assert.Equal(100, shape.Histogram.Beyond);
    }

    [Fact]
    public void Histograms_of_all_cells_have_the_same_bins_and_count_every_image()
    {
        var plots = PlotData.Of([CellOf(1_000, number => 1 + number % 10), CellOf(500, number => number == 7 ? 5_000 : 2 + number % 20)]);

        var (first, second) = (plots.Cells[0].Stored!.Histogram, plots.Cells[1].Stored!.Histogram);
        Assert.Equal(first.BinMs, second.BinMs);
        Assert.Equal((1_000, 0), (first.Counts.Sum(), first.Beyond));
        Assert.Equal((499, 1), (second.Counts.Sum(), second.Beyond));
        Assert.Equal(100, first.Counts[(int)(1 / first.BinMs)]);
    }

    [Fact]
    public void Slices_along_the_run_hold_its_fastest_middle_and_slowest_image_and_tell_the_warm_up()
    {
        var slices = PlotData.Of([CellOf(4_800, number => 1 + number % 10, warmUpSeconds: 40)]).Cells[0].OverTime;

        Assert.Equal(PlotData.Slices, slices.Count);
        Assert.All(slices, slice => Assert.Equal((1.0, 5.5, 10.0), (slice.MinMs, slice.MedianMs, slice.MaxMs)));
        Assert.All(slices, slice => Assert.Equal(slice.AtSeconds < 40, slice.IsWarmUp));
    }

    [Fact]
    public void A_slice_of_a_few_images_has_no_median()
    {
        var slices = PlotData.Of([CellOf(1_200, number => 1 + number % 10)]).Cells[0].OverTime;

        Assert.All(slices, slice => Assert.Equal((1.0, null, 10.0), (slice.MinMs, slice.MedianMs, slice.MaxMs)));
    }

    [Fact]
    public void Every_plot_can_be_drawn_from_them_and_one_against_load_needs_two_rates()
    {
        var cells = (Cell[])[CellOf(1_000, number => 1 + number % 10)];
        PlottedCell[] plotted = [.. cells.Zip(PlotData.Of(cells).Cells, (cell, data) => new PlottedCell(cell.Result, data))];

        Assert.All(Figure.All.Where(figure => figure.FileName != "offered-rate"),
            figure => Assert.Contains("<svg", figure.Draw(plotted)!.ToSvg(""), StringComparison.Ordinal));
        Assert.Null(Figure.All.Single(figure => figure.FileName == "offered-rate").Draw(plotted));
    }

    /// <summary>Ten images a second, each stored and predicted so many ms after it was due.</summary>
    private static Cell CellOf(int count, Func<int, double> latencyMs, int lost = 0, double warmUpSeconds = 0)
    {
        Sample[] samples = [.. Enumerable.Range(0, count).Select(number => SampleOf(number, latencyMs(number), isLost: number >= count - lost))];
        return Cell.Of([(new Run(1, 10, 1, count, warmUpSeconds, count - lost, 1, 0, 0, 0, ""), samples)], correctClocks: false, seed: 1);
    }

    private static Sample SampleOf(int number, double latencyMs, bool isLost)
    {
        var image = AnImage.Due(number, Due + number * 100_000_000L);
        var sample = new Sample { ImageId = image.Id, ProducerId = image.Producer };
        foreach (var stamp in Enum.GetValues<Stamp>())
        {
            sample[stamp] = image[stamp];
        }

        foreach (var end in (Stamp[])[Stamp.WriteAcknowledged, Stamp.Echoed])
        {
            sample[end] = isLost ? null : image[Stamp.Scheduled] + (long)(latencyMs * 1e6);
        }

        return sample;
    }
}
