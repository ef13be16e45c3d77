namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>A single measurement behind a point, with the span it was made in: the way from a chart to a trace.</summary>
public sealed record Exemplar(ulong TimeUnixNano, double Value, bool IsInteger, long IntegerValue, TraceId TraceId, SpanId SpanId, Attributes FilteredAttributes);

/// <summary>What an instrument showed at one moment. Times are nanoseconds since 1970, UTC.</summary>
/// <param name="StartTimeUnixNano">Since when a sum or histogram counts.</param>
/// <param name="Flags">Bit 0: no value was recorded.</param>
public abstract record MetricPoint(ulong StartTimeUnixNano, ulong TimeUnixNano, uint Flags, IReadOnlyList<Exemplar> Exemplars)
{
    public DateTimeOffset Time => UnixNano.ToTime(TimeUnixNano);

    public abstract int EstimatedBytes { get; }

    private protected int CommonBytes => 64 + (120 * Exemplars.Count);
}

/// <summary>A gauge's or a sum's value; as an integer exactly, where it was one.</summary>
public sealed record NumberPoint(
    ulong StartTimeUnixNano, ulong TimeUnixNano, uint Flags, IReadOnlyList<Exemplar> Exemplars, double Value, bool IsInteger, long IntegerValue)
    : MetricPoint(StartTimeUnixNano, TimeUnixNano, Flags, Exemplars)
{
    public override int EstimatedBytes => CommonBytes + 24;
}

/// <summary>Counts by bucket: bucket i holds what is above bound i − 1 and at most bound i; the last one what is above all bounds.</summary>
public sealed record HistogramPoint(
    ulong StartTimeUnixNano, ulong TimeUnixNano, uint Flags, IReadOnlyList<Exemplar> Exemplars,
    ulong Count, double? Sum, double? Min, double? Max, IReadOnlyList<double> ExplicitBounds, IReadOnlyList<ulong> BucketCounts)
    : MetricPoint(StartTimeUnixNano, TimeUnixNano, Flags, Exemplars)
{
    // Bounds are shared with the point before, where they are the same.
    public override int EstimatedBytes => CommonBytes + 96 + (8 * BucketCounts.Count);
}

/// <summary>Counts from bucket <paramref name="Offset"/> on; bucket i holds what is above 2^(i·2^-scale), up to 2^((i+1)·2^-scale).</summary>
public sealed record ExponentialBuckets(int Offset, IReadOnlyList<ulong> BucketCounts)
{
    public static readonly ExponentialBuckets None = new(0, []);
}

/// <summary>Counts by buckets whose bounds grow by the factor 2^(2^-scale).</summary>
public sealed record ExponentialHistogramPoint(
    ulong StartTimeUnixNano, ulong TimeUnixNano, uint Flags, IReadOnlyList<Exemplar> Exemplars,
    ulong Count, double? Sum, double? Min, double? Max, int Scale, ulong ZeroCount, double ZeroThreshold,
    ExponentialBuckets Positive, ExponentialBuckets Negative)
    : MetricPoint(StartTimeUnixNano, TimeUnixNano, Flags, Exemplars)
{
    public override int EstimatedBytes => CommonBytes + 200 + (8 * (Positive.BucketCounts.Count + Negative.BucketCounts.Count));
}

/// <summary>The value at a quantile from 0 to 1.</summary>
public readonly record struct QuantileValue(double Quantile, double Value);

/// <summary>Quantiles that the sender computed.</summary>
public sealed record SummaryPoint(
    ulong StartTimeUnixNano, ulong TimeUnixNano, uint Flags, ulong Count, double Sum, IReadOnlyList<QuantileValue> Quantiles)
    : MetricPoint(StartTimeUnixNano, TimeUnixNano, Flags, [])
{
    public override int EstimatedBytes => CommonBytes + 48 + (16 * Quantiles.Count);
}
