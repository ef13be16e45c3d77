using Pipeline.Latency.Statistics;
using Pipeline.Latency.Traces;

namespace Pipeline.Latency.Results;

/// <summary>One number of producers at one rate, all repetitions pooled: what the tables and the plots show.</summary>
internal sealed class Cell
{
    /// <summary>Below this share of complete traces nothing is said of the latency.</summary>
    public const double MinCompleteness = 0.99;

    /// <summary>With fewer samples beyond it a quantile is not told.</summary>
    public const int MinTailSamples = 20;

    private const int GoodTailSamples = 100;
    private const double MaxScheduleLagShare = 0.1;

    private static readonly (string Name, double P)[] Quantiles = [("p90", 0.90), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999)];

    private Cell(CellResult result, Series? predicted, Series? stored) => (Result, Predicted, Stored) = (result, predicted, stored);

    public CellResult Result { get; }

    /// <summary>Null when it was not measured, or the traces are not complete enough.</summary>
    public Series? Predicted { get; }

    /// <inheritdoc cref="Predicted"/>
    public Series? Stored { get; }

    public Series? To(EndPoint endPoint) => endPoint == EndPoint.Predicted ? Predicted : Stored;

    /// <summary>Whether enough of n samples lie beyond a quantile, on the side of it that has fewer.</summary>
    public static bool MayTell(double p, int n) => TailOf(Math.Max(p, 1 - p), n) >= MinTailSamples;

    /// <param name="runs">The repetitions, with their images by the instant at which they were due.</param>
    /// <param name="correctClocks">Puts inference's stamps on the producer's clock.</param>
    /// <param name="seed">For the intervals.</param>
    /// <param name="arrival">One of <see cref="Arrivals"/>.</param>
    public static Cell Of(
        IReadOnlyList<(Run Run, IReadOnlyList<Sample> Samples)> runs, bool correctClocks, int seed, string arrival = Arrivals.Uniform)
    {
        // The clocks are told before they are corrected.
        var clock = ClockOffset.Estimate(runs.SelectMany(run => run.Samples));
        if (correctClocks)
        {
            foreach (var (_, samples) in runs)
            {
                ClockOffset.Correct(samples);
            }
        }

        MeasuredRun[] measured = [.. runs.Select(run => MeasuredRun.Of(run.Run, run.Samples))];
        var completeness = measured.Sum(run => run.CompleteCount) / (double)Math.Max(1, measured.Sum(run => run.ExpectedCount));
        var flags = new List<string>();
        Series? predicted = null, stored = null;
        if (completeness >= MinCompleteness)
        {
            predicted = measured.Any(run => run.HasEcho) ? SeriesTo(EndPoint.Predicted, measured) : null;
            stored = SeriesTo(EndPoint.Stored, measured);
        }
        else
        {
            flags.Add("incomplete_traces");
        }

        var perSecond = runs[0].Run.RatePerProducer * runs[0].Run.Producers;
        var endpoints = new Endpoints(
            predicted is null ? null : DistributionOf(predicted, perSecond, seed, flags),
            stored is null ? null : DistributionOf(stored, perSecond, seed, flags));
        AddFlags(flags, measured, correctClocks && clock is not null, stored);

        Sample[] images = [.. measured.SelectMany(run => run.Measured)];
        var seconds = measured.Sum(run => run.Seconds);
        var lost = measured.Sum(run => run.LostCount);
        var result = new CellResult(
            runs[0].Run.Producers, runs[0].Run.RatePerProducer, arrival, Round(seconds), Round(measured.Max(run => run.WarmUpSeconds)),
            Round(images.Length / seconds), Round((images.Length - lost) / seconds),
            images.Length, lost, Count(images, SampleFlags.Duplicate), Count(images, SampleFlags.Rejected), endpoints,
            BandsOf(images, stored is not null),
            Round(AckMedian(images)),
            Round(images.Where(image => image.BatchSize > 0).Select(image => (double)image.BatchSize).DefaultIfEmpty(0).Average()),
            Math.Round(completeness, 6), runs.Min(run => run.Run.SamplingP),
            new Clock(Round(clock?.Nanoseconds / 1e6), Round(clock?.BoundNanoseconds / 1e6)), RepetitionsOf(measured, predicted, stored), flags);
        return new Cell(result, predicted, stored);
    }

    private static Series SeriesTo(EndPoint endPoint, IEnumerable<MeasuredRun> runs) => new(endPoint,
    [
        .. from run in runs
           from image in run.All
           select new Point(run.Run.Repetition, run.DueSeconds(image), endPoint.LatencyMs(image), run.IsWarmUp(image)),
    ]);

    private static Distribution DistributionOf(Series series, double perSecond, int seed, List<string> flags)
    {
        var inOrder = series.InOrder;
        var estimates = QuantileInterval.Of(
            inOrder, [.. Quantiles.Select(quantile => quantile.P)], QuantileInterval.BlockLength(inOrder.Length, perSecond), seed);
        var shown = new Quantile?[Quantiles.Length];
        for (var i = 0; i < Quantiles.Length; i++)
        {
            if (TailOf(Quantiles[i].P, inOrder.Length) < GoodTailSamples && Quantiles[i].P < 0.999)
            {
                AddOnce(flags, $"low_n_{Quantiles[i].Name}");
            }

            if (MayTell(Quantiles[i].P, inOrder.Length))
            {
                shown[i] = new Quantile(Round(estimates[i].Value), Round(estimates[i].Low), Round(estimates[i].High));
            }
        }

        return new Distribution("ms", "linear-7", inOrder.Length, Round(series.Quantile(0.5)), shown[0], shown[1], shown[2], shown[3],
            Round(series.Sorted.LastOrDefault()), Round(inOrder.DefaultIfEmpty(0).Average()));
    }

    private static void AddFlags(List<string> flags, MeasuredRun[] runs, bool areClocksCorrected, Series? stored)
    {
        var negative = runs.SelectMany(run => run.Measured)
            .Count(image => Array.Exists(Stages.All, stage => image.Between(stage.From, stage.To) < 0));
        (bool Holds, string Flag)[] all =
        [
            (stored is not null && IsGeneratorLimited(stored, runs), "generator_limited"),
            (runs.Any(run => !run.IsSteady), "not_steady"),
            (runs.Any(run => run.LostCount > 0), "lost_images"),
            (runs.Any(run => run.Run.DroppedSpans > 0), "dropped_spans"),
            (runs.Any(run => run.Run.UnreadableLines > 0), "unreadable_lines"),
            (negative > 0, FormattableString.Invariant($"negative_stages_{negative}")),
            (areClocksCorrected, "clocks_corrected"),
        ];
        flags.AddRange(all.Where(flag => flag.Holds).Select(flag => flag.Flag));
    }

    /// <summary>Whether p50 or p95 would be lower by a tenth, had every image left on time.</summary>
    private static bool IsGeneratorLimited(Series stored, IEnumerable<MeasuredRun> runs)
    {
        double[] onTime =
        [
            .. runs.SelectMany(run => run.Measured)
                .Select(image => EndPoint.Stored.LatencyMs(image) - (image.Between(Stamp.Scheduled, Stamp.Captured) / 1e6 ?? 0)).Order(),
        ];
        return ((double[])[0.5, 0.95])
            .Any(p => MayTell(p, onTime.Length) && Percentile.Of(onTime, p) < (1 - MaxScheduleLagShare) * stored.Quantile(p));
    }

    private static StageBands BandsOf(IEnumerable<Sample> images, bool areComplete)
    {
        Sample[] byLatency = areComplete
            ? [.. images.OrderBy(EndPoint.Stored.LatencyMs).ThenBy(image => image.ImageId, StringComparer.Ordinal)]
            : [];
        return new StageBands(
            Named(Stages.MeansAround(byLatency, 0.50)), MayTell(0.95, byLatency.Length) ? Named(Stages.MeansAround(byLatency, 0.95)) : null);
    }

    private static Dictionary<string, double>? Named(double[]? means) =>
        means is null ? null : Stages.All.Zip(means).ToDictionary(pair => pair.First.Name, pair => Round(pair.Second));

    private static List<RepetitionResult> RepetitionsOf(MeasuredRun[] runs, params Series?[] series) =>
    [
        .. from known in series
           where known is not null
           from run in runs
           let sorted = run.Measured.Select(known.EndPoint.LatencyMs).Order().ToArray()
           where sorted.Length > 0
           select new RepetitionResult(run.Run.Repetition, known.EndPoint.Name, sorted.Length,
               Round(Percentile.Of(sorted, 0.5)), Told(sorted, 0.95), Told(sorted, 0.99)),
    ];

    private static double? Told(double[] sorted, double p) => MayTell(p, sorted.Length) ? Round(Percentile.Of(sorted, p)) : null;

    // The little more is for 0.95, which is not quite 0.95 in binary.
    private static double TailOf(double p, int n) => n * (1 - p) + 1e-6;

    private static double AckMedian(IEnumerable<Sample> images)
    {
        var acknowledged = images.Select(image => image.Between(Stamp.Published, Stamp.Acknowledged) / 1e6).OfType<double>().Order().ToArray();
        return acknowledged.Length == 0 ? 0 : Percentile.Of(acknowledged, 0.5);
    }

    private static int Count(IEnumerable<Sample> images, SampleFlags flag) => images.Count(image => image.Flags.HasFlag(flag));

    private static void AddOnce(List<string> flags, string flag)
    {
        if (!flags.Contains(flag))
        {
            flags.Add(flag);
        }
    }

    // Microseconds: finer than any clock here is true.
    private static double Round(double value) => double.IsFinite(value) ? Math.Round(value, 3) : value;

    private static double? Round(double? value) => value is { } known ? Round(known) : null;
}
