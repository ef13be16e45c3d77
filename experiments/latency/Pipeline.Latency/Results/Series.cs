using Pipeline.Latency.Traces;

namespace Pipeline.Latency.Results;

/// <summary>Where the clock stops. Both start at the instant the image was due.</summary>
/// <param name="What">What it means, for a person.</param>
internal sealed record EndPoint(string Name, Stamp At, string What)
{
    public static readonly EndPoint Predicted = new("predicted", Stamp.Echoed, "until the producer reads the prediction back");
    public static readonly EndPoint Stored = new("stored", Stamp.WriteAcknowledged, "until the database acknowledges the prediction");

    public static readonly EndPoint[] All = [Predicted, Stored];

    /// <summary>Milliseconds; positive infinity for a lost image.</summary>
    public double LatencyMs(Sample sample) => sample.Between(Stamp.Scheduled, At) is { } nanoseconds ? nanoseconds / 1e6 : double.PositiveInfinity;
}

/// <summary>One image: seconds since its run began, and its latency.</summary>
internal readonly record struct Point(int Repetition, double DueSeconds, double LatencyMs, bool IsWarmUp);

/// <summary>The latencies of a cell to one end point.</summary>
/// <param name="all">Repetition after repetition, each in the order in which images were due, warm-up included.</param>
internal sealed class Series(EndPoint endPoint, IReadOnlyList<Point> all)
{
    public EndPoint EndPoint => endPoint;

    /// <summary>Every image, those of the warm-up too.</summary>
    public IReadOnlyList<Point> All => all;

    /// <summary>The measured ones in the order in which they were due; lost images are infinity.</summary>
    public double[] InOrder { get; } = [.. all.Where(point => !point.IsWarmUp).Select(point => point.LatencyMs)];

    /// <summary>The measured ones, ascending: lost images come last.</summary>
    public double[] Sorted { get; } = [.. all.Where(point => !point.IsWarmUp).Select(point => point.LatencyMs).Order()];

    public double Quantile(double p) => Statistics.Percentile.Of(Sorted, p);
}
