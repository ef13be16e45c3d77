using Pipeline.Latency.Results;

namespace Pipeline.Latency.Plots;

/// <summary>What the plots show beside the result, kept as <c>plots.json</c>: with both, they can be drawn again without the samples.</summary>
/// <param name="Cells">In the order of the result's.</param>
internal sealed record PlotData(IReadOnlyList<CellData> Cells)
{
    public const string FileName = "plots.json";

    /// <summary>Points of time on the page; each stands for what lies between it and the next.</summary>
    public const int Slices = 120;

    public static PlotData Of(IReadOnlyList<Cell> cells)
    {
        var binMs = EndPoint.All.ToDictionary(
            endPoint => endPoint, endPoint => Histogram.CommonBinMs([.. cells.Select(cell => cell.To(endPoint)).OfType<Series>()]));
        var seconds = cells.SelectMany(cell => cell.Stored?.All ?? []).Select(point => point.DueSeconds).DefaultIfEmpty(0).Max();
        return new PlotData([.. cells.Select(cell => new CellData(
            Shape.Of(cell.Predicted, binMs[EndPoint.Predicted]), Shape.Of(cell.Stored, binMs[EndPoint.Stored]),
            TimeSlice.Of(cell.Stored, seconds / Slices)))]);
    }

    public static Task<PlotData> ReadAsync(string directory, CancellationToken cancellationToken) =>
        ResultJson.ReadAsync(Path.Combine(directory, FileName), ResultJson.Default.PlotData, cancellationToken);

    public Task WriteAsync(string directory) => ResultJson.WriteAsync(Path.Combine(directory, FileName), this, isIndented: false);
}

/// <param name="Predicted">Null for an end point without a distribution in the result.</param>
/// <param name="Stored"><inheritdoc cref="Predicted"/></param>
/// <param name="OverTime">Until stored, each run from its first image on.</param>
internal sealed record CellData(Shape? Predicted, Shape? Stored, IReadOnlyList<TimeSlice> OverTime);

/// <summary>How the latencies to one end point are spread.</summary>
/// <param name="Quantiles">Those that the report may tell, ascending; they end before images that were lost.</param>
internal sealed record Shape(IReadOnlyList<QuantilePoint> Quantiles, Histogram Histogram)
{
    /// <summary>Steps of half a percent hold every quantile with a name; beyond the last of them, twenty a decade.</summary>
    private static readonly double[] Grid =
    [
        .. Enumerable.Range(1, 199).Select(step => step / 200.0),
        .. Enumerable.Range(47, 80).Select(step => 1 - Math.Pow(10, -step / 20.0)),
    ];

    public static Shape? Of(Series? series, double binMs) => series is null ? null : new Shape(
        [
            .. from p in Grid
               where Cell.MayTell(p, series.Sorted.Length)
               let ms = series.Quantile(p)
               where double.IsFinite(ms)
               select new QuantilePoint(Math.Round(p, 6), Math.Round(ms, 3)),
        ],
        Histogram.Of(series, binMs));

    /// <summary>Null where the report does not tell it, or it lies among lost images.</summary>
    /// <param name="p">A multiple of half a percent.</param>
    public double? Quantile(double p) => Quantiles.FirstOrDefault(point => Math.Abs(point.P - p) < 1e-6)?.Ms;
}

internal sealed record QuantilePoint(double P, double Ms);

/// <summary>Images in each bin, from 0 on.</summary>
/// <param name="BinMs">The same for every cell, so that panels can be compared.</param>
/// <param name="Beyond">Images after the last bin, the lost ones among them.</param>
internal sealed record Histogram(double BinMs, IReadOnlyList<int> Counts, int Beyond)
{
    public const int Bins = 80;

    /// <summary>
    /// A few slow images would press all others against the axis: the bins reach to a little beyond the 98th percentile of the slowest cell.
    /// </summary>
    public static double CommonBinMs(IReadOnlyList<Series> cells)
    {
        double[] ends = [.. cells.Select(series => Statistics.Percentile.Of([.. series.Sorted.Where(double.IsFinite)], 0.98)).Where(double.IsFinite)];
        return Math.Round(Math.Max(ends.DefaultIfEmpty(1).Max() * 1.05, 0.08) / Bins, 6);
    }

    public static Histogram Of(Series series, double binMs)
    {
        var counts = new int[Bins];
        foreach (var latency in series.Sorted)
        {
            if (latency / binMs is >= 0 and < Bins and var bin)
            {
                counts[(int)bin]++;
            }
        }

        return new Histogram(binMs, counts, series.Sorted.Length - counts.Sum());
    }
}

/// <summary>The images of a run that were due within a little while.</summary>
/// <param name="AtSeconds">Its middle, since the run's first image.</param>
/// <param name="MedianMs">Null where they are too few to tell one.</param>
internal sealed record TimeSlice(int Repetition, bool IsWarmUp, double AtSeconds, double MinMs, double? MedianMs, double MaxMs)
{
    public static TimeSlice[] Of(Series? series, double seconds) => seconds <= 0 ? [] :
    [
        .. from point in series?.All ?? []
           where double.IsFinite(point.LatencyMs)
           group point.LatencyMs by (
               point.Repetition, point.IsWarmUp, Slice: Math.Min((int)(point.DueSeconds / seconds), PlotData.Slices - 1)) into slice
           orderby slice.Key.Repetition, slice.Key.Slice
           let sorted = slice.Order().ToArray()
           select new TimeSlice(slice.Key.Repetition, slice.Key.IsWarmUp, Math.Round((slice.Key.Slice + 0.5) * seconds, 3),
               Math.Round(sorted[0], 3), Cell.MayTell(0.5, sorted.Length) ? Math.Round(Statistics.Percentile.Of(sorted, 0.5), 3) : null,
               Math.Round(sorted[^1], 3)),
    ];
}
