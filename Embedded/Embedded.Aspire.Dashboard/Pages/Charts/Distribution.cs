using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Pages.Charts;

/// <summary>Values of a histogram between two bounds, the upper one included.</summary>
internal readonly record struct Bucket(double Lower, double Upper, double Count);

/// <summary>
/// How many measurements fell where: what both kinds of histogram become, so that intervals can be cut out of running totals
/// (<see cref="Minus"/>), series be put together (<see cref="Plus"/>) and quantiles be read.
/// </summary>
/// <param name="Buckets">In ascending order, without gaps being filled: an empty bucket may be absent.</param>
/// <param name="Sum">Of all measurements.</param>
/// <param name="Scale">Of an exponential histogram: bucket i covers (2^(i·2^-scale), 2^((i+1)·2^-scale)]. None where the bounds are explicit.</param>
internal sealed record Distribution(IReadOnlyList<Bucket> Buckets, double Sum, int? Scale = null)
{
    public static readonly Distribution Empty = new([], 0);

    public double Count => Buckets.Sum(bucket => bucket.Count);

    /// <param name="point">A histogram's point of either kind; others measure no distribution.</param>
    public static Distribution Of(MetricPoint point) => point switch
    {
        HistogramPoint histogram => Explicit(histogram.ExplicitBounds, histogram.BucketCounts, histogram.Sum ?? double.NaN),
        ExponentialHistogramPoint exponential => Exponential(
            exponential.Scale, exponential.ZeroCount, exponential.ZeroThreshold, exponential.Negative, exponential.Positive, exponential.Sum ?? double.NaN),
        _ => Empty,
    };

    /// <param name="bounds">Ascending upper bounds; the last bucket has none.</param>
    /// <param name="counts">One more than the bounds.</param>
    public static Distribution Explicit(IReadOnlyList<double> bounds, IReadOnlyList<ulong> counts, double sum)
    {
        var buckets = new List<Bucket>(counts.Count);
        for (var i = 0; i < counts.Count && i <= bounds.Count; i++)
        {
            buckets.Add(new Bucket(i == 0 ? double.NegativeInfinity : bounds[i - 1], i == bounds.Count ? double.PositiveInfinity : bounds[i], counts[i]));
        }

        return new Distribution(buckets, sum);
    }

    /// <param name="zeroThreshold">Values up to this distance from zero are counted in <paramref name="zeroCount"/>.</param>
    public static Distribution Exponential(
        int scale, ulong zeroCount, double zeroThreshold, ExponentialBuckets negative, ExponentialBuckets positive, double sum)
    {
        var buckets = new List<Bucket>(negative.BucketCounts.Count + 1 + positive.BucketCounts.Count);
        foreach (var (lower, upper, count) in Counted(scale, negative).Reverse()) buckets.Add(new Bucket(-upper, -lower, count));
        if (zeroCount > 0) buckets.Add(new Bucket(-zeroThreshold, zeroThreshold, zeroCount));
        buckets.AddRange(Counted(scale, positive));
        return new Distribution(buckets, sum, scale);
    }

    /// <summary>What was measured after <paramref name="earlier"/>, a running total of the same series.</summary>
    /// <returns>This one as it is when the series began anew in between: a total that falls is a total of something else.</returns>
    public Distribution Minus(Distribution earlier)
    {
        var difference = Merge(earlier, -1);
        return difference.Buckets.Any(bucket => bucket.Count < 0) ? this : difference with { Sum = Sum - earlier.Sum };
    }

    public Distribution Plus(Distribution other) => Merge(other, 1) with { Sum = Sum + other.Sum };

    /// <param name="q">0 to 1.</param>
    /// <returns>The value below which that share of the measurements lies, as exactly as the buckets tell; NaN when there are none.</returns>
    public double Quantile(double q)
    {
        var count = Count;
        if (count <= 0) return double.NaN;
        var rank = q * count;
        var below = 0.0;
        foreach (var bucket in Buckets)
        {
            if (bucket.Count > 0 && below + bucket.Count >= rank) return Within(bucket, (rank - below) / bucket.Count);
            below += bucket.Count;
        }

        return Within(Buckets.Last(bucket => bucket.Count > 0), 1);
    }

    private static IEnumerable<Bucket> Counted(int scale, ExponentialBuckets buckets) => buckets.BucketCounts.Index()
        .Where(bucket => bucket.Item > 0)
        .Select(bucket => new Bucket(Bound(scale, (long)buckets.Offset + bucket.Index), Bound(scale, (long)buckets.Offset + bucket.Index + 1), bucket.Item));

    private double Within(Bucket bucket, double share)
    {
        // Buckets at the ends are open: their one known bound is the best that can be said, except that durations begin at zero.
        if (double.IsPositiveInfinity(bucket.Upper)) return double.IsNegativeInfinity(bucket.Lower) ? double.NaN : bucket.Lower;
        if (double.IsNegativeInfinity(bucket.Lower)) return bucket.Upper > 0 ? bucket.Upper * share : bucket.Upper;
        return Scale is not null && bucket.Lower * bucket.Upper > 0
            ? bucket.Lower * Math.Pow(bucket.Upper / bucket.Lower, share)
            : bucket.Lower + ((bucket.Upper - bucket.Lower) * share);
    }

    /// <summary>A recorder whose values spread doubles the width of its buckets: of two scales the coarser one holds for both.</summary>
    private Distribution Merge(Distribution other, int sign)
    {
        if (other.Buckets.Count == 0) return this;
        if (Scale > other.Scale) return Coarsen(other.Scale.Value).Merge(other, sign);
        if (Scale < other.Scale) return Merge(other.Coarsen(Scale.Value), sign);

        var merged = new List<Bucket>(Buckets.Count + other.Buckets.Count);
        var (i, j) = (0, 0);
        while (i < Buckets.Count || j < other.Buckets.Count)
        {
            var order = i == Buckets.Count ? 1 : j == other.Buckets.Count ? -1 : Order(Buckets[i], other.Buckets[j]);
            merged.Add(order switch
            {
                < 0 => Buckets[i++],
                > 0 => other.Buckets[j] with { Count = sign * other.Buckets[j++].Count },
                _ => Buckets[i] with { Count = Buckets[i++].Count + (sign * other.Buckets[j++].Count) },
            });
        }

        return new Distribution(merged, Sum, Scale ?? other.Scale);
    }

    private Distribution Coarsen(int scale)
    {
        var (finer, coarse) = (Scale!.Value, new List<Bucket>(Buckets.Count));
        foreach (var bucket in Buckets)
        {
            var wide = bucket.Lower > 0 ? Wide(bucket) : bucket.Upper < 0 ? Mirror(Wide(Mirror(bucket))) : bucket;
            if (coarse.Count > 0 && Order(coarse[^1], wide) == 0) coarse[^1] = wide with { Count = coarse[^1].Count + wide.Count };
            else coarse.Add(wide);
        }

        return new Distribution(coarse, Sum, scale);

        Bucket Wide(Bucket narrow)
        {
            var index = (long)Math.Round(Math.Log2(narrow.Lower) * Math.Pow(2, finer)) >> (finer - scale);
            return new Bucket(Bound(scale, index), Bound(scale, index + 1), narrow.Count);
        }

        static Bucket Mirror(Bucket bucket) => new(-bucket.Upper, -bucket.Lower, bucket.Count);
    }

    private static int Order(Bucket a, Bucket b) => (a.Lower, a.Upper).CompareTo((b.Lower, b.Upper));

    /// <summary>2^(index·2^-scale).</summary>
    private static double Bound(int scale, long index) => Math.Pow(2, index * Math.Pow(2, -scale));
}
