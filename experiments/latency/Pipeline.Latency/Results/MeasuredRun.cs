using Pipeline.Latency.Traces;

namespace Pipeline.Latency.Results;

/// <summary>One run without its warm-up, and what became of its images.</summary>
internal sealed class MeasuredRun
{
    private readonly long _startNanoseconds;

    private MeasuredRun(Run run, long startNanoseconds, double warmUpSeconds, bool isSteady, IReadOnlyList<Sample> all)
    {
        (Run, _startNanoseconds, WarmUpSeconds, IsSteady, All) = (run, startNanoseconds, warmUpSeconds, isSteady, all);
        Measured = [.. all.Where(image => !IsWarmUp(image))];
    }

    public Run Run { get; }

    public double WarmUpSeconds { get; }

    public bool IsSteady { get; }

    /// <summary>Every image, those of the warm-up too.</summary>
    public IReadOnlyList<Sample> All { get; }

    /// <summary>The images that count, by the instant at which they were due; the lost ones among them.</summary>
    public IReadOnlyList<Sample> Measured { get; }

    /// <summary>Of <see cref="Measured"/>, those that were never stored.</summary>
    public int LostCount => Measured.Count(IsMissing);

    public bool HasEcho { get; private init; }

    /// <summary>Complete traces of the whole run.</summary>
    public int CompleteCount { get; private init; }

    /// <summary>Traces that the whole run should have, without those of lost images.</summary>
    public int ExpectedCount { get; private init; }

    /// <summary>From the first image due to one interval after the last.</summary>
    public double Seconds => Measured.Count < 2
        ? 1
        : (DueSeconds(Measured[^1]) - DueSeconds(Measured[0])) * Measured.Count / (Measured.Count - 1);

    public double DueSeconds(Sample image) => (image[Stamp.Scheduled]!.Value - _startNanoseconds) / 1e9;

    public bool IsWarmUp(Sample image) => DueSeconds(image) < WarmUpSeconds;

    /// <param name="samples">By the instant at which they were due.</param>
    public static MeasuredRun Of(Run run, IReadOnlyList<Sample> samples)
    {
        // When the pipeline counted every image as stored, an image that seems not to be lacks a span, not a document.
        var missing = samples.Count(IsMissing);
        var sent = run.ImagesPerProducer > 0 ? (long)run.ImagesPerProducer * run.Producers : samples.Count;
        var areMissingLost = run.Stored is not { } stored || stored < sent;
        var counted = areMissingLost ? samples : [.. samples.Where(sample => !IsMissing(sample))];

        var start = samples.Count == 0 ? 0 : samples[0][Stamp.Scheduled]!.Value;
        (double DueSeconds, double LatencyMs)[] latencies =
            [.. counted.Select(image => ((image[Stamp.Scheduled]!.Value - start) / 1e9, EndPoint.Stored.LatencyMs(image)))];
        var (warmUp, isSteady) = WarmUp.Find(latencies, run.WarmUpSeconds);

        var traced = run.ImagesPerProducer > 0 && run.SamplingP == 1 ? sent : samples.Count + run.Headless;
        return new MeasuredRun(run, start, warmUp, isSteady, counted)
        {
            HasEcho = samples.Any(sample => sample[Stamp.Echoed] is not null),
            CompleteCount = samples.Count(sample => !sample.Flags.HasFlag(SampleFlags.Incomplete)),
            ExpectedCount = (int)Math.Max(traced - (areMissingLost ? missing : 0), 0),
        };
    }

    private static bool IsMissing(Sample image) => image[Stamp.WriteAcknowledged] is null;
}
