namespace Pipeline.Latency.Statistics;

/// <summary>A quantile and its 95 % interval.</summary>
internal readonly record struct Estimate(double Value, double Low, double High);

/// <summary>How far a quantile of a run may be off: two intervals, of which the wider is reported.</summary>
/// <remarks>
/// Order statistics need no distribution but take samples for independent. Neighbours in a queue are not, so blocks of neighbours are
/// drawn again as well (moving-block bootstrap, Künsch 1989).
/// </remarks>
internal static class QuantileInterval
{
    private const double Z = 1.96;
    private const int Resamples = 2_000;

    /// <param name="inOrder">Samples in the order in which they were due; lost images are positive infinity.</param>
    /// <param name="ps">Quantiles, 0 to 1.</param>
    /// <param name="blockLength">Neighbours drawn together; see <see cref="BlockLength"/>.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    public static Estimate[] Of(double[] inOrder, double[] ps, int blockLength, int seed)
    {
        if (inOrder.Length == 0)
        {
            return Array.ConvertAll(ps, _ => new Estimate(double.NaN, double.NaN, double.NaN));
        }

        var sorted = (double[])inOrder.Clone();
        Array.Sort(sorted);
        var resampled = Bootstrap(inOrder, sorted, ps, blockLength, seed);
        return [.. ps.Select((p, i) =>
        {
            var value = Percentile.Of(sorted, p);
            var (low, high) = Binomial(sorted, p);
            var widening = FewBlocks(inOrder.Length / (double)blockLength);
            // Wider or not, nothing is known beyond the fastest and the slowest.
            return new Estimate(value,
                Math.Max(sorted[0], Math.Min(low, Away(value, Percentile.Of(resampled[i], 0.025), widening))),
                Math.Min(sorted[^1], Math.Max(high, Away(value, Percentile.Of(resampled[i], 0.975), widening))));
        })];
    }

    /// <summary>The samples of a second, at least 50; never more than a quarter of all, or there would be nothing to draw from.</summary>
    public static int BlockLength(int count, double perSecond) => Math.Clamp((int)Math.Max(Math.Ceiling(perSecond), 50), 1, Math.Max(1, count / 4));

    /// <summary>
    /// How much wider an interval from so many blocks must be: Student's t instead of the normal law, and the variance's n / (n − 1).
    /// </summary>
    private static double FewBlocks(double blocks) =>
        blocks < 2 ? 1 : (Z + (Z * Z * Z + Z) / 4 / (blocks - 1)) / Z * Math.Sqrt(blocks / (blocks - 1));

    private static double Away(double value, double end, double widening) =>
        double.IsFinite(value) && double.IsFinite(end) ? value + (end - value) * widening : end;

    private static (double Low, double High) Binomial(double[] sorted, double p)
    {
        var n = sorted.Length;
        var margin = Z * Math.Sqrt(n * p * (1 - p));
        var low = (int)Math.Clamp(Math.Floor(n * p - margin), 1, n);
        var high = (int)Math.Clamp(Math.Ceiling(n * p + margin), 1, n);
        return (sorted[low - 1], sorted[high - 1]);
    }

    /// <summary>For each quantile, its values in all resamples, ascending.</summary>
    private static double[][] Bootstrap(double[] inOrder, double[] sorted, double[] ps, int blockLength, int seed)
    {
        var n = inOrder.Length;
        // Counting how often each rank was drawn finds the quantiles of a resample without sorting it.
        var ranks = Ranks(inOrder);
        var drawn = new int[n];
        var random = new Random(seed);
        var found = Array.ConvertAll(ps, _ => new double[Resamples]);
        for (var resample = 0; resample < Resamples; resample++)
        {
            Array.Clear(drawn);
            for (var filled = 0; filled < n; filled += blockLength)
            {
                var start = random.Next(n - blockLength + 1);
                for (var i = start; i < start + Math.Min(blockLength, n - filled); i++)
                {
                    drawn[ranks[i]]++;
                }
            }

            for (var i = 0; i < ps.Length; i++)
            {
                found[i][resample] = Quantile(drawn, sorted, ps[i]);
            }
        }

        foreach (var values in found)
        {
            Array.Sort(values);
        }

        return found;
    }

    private static int[] Ranks(double[] inOrder)
    {
        var byValue = new int[inOrder.Length];
        for (var i = 0; i < byValue.Length; i++)
        {
            byValue[i] = i;
        }

        Array.Sort((double[])inOrder.Clone(), byValue);
        var ranks = new int[inOrder.Length];
        for (var rank = 0; rank < byValue.Length; rank++)
        {
            ranks[byValue[rank]] = rank;
        }

        return ranks;
    }

    private static double Quantile(int[] drawn, double[] sorted, double p)
    {
        var h = (drawn.Length - 1) * p;
        var below = (int)Math.Floor(h);
        var rank = 0;
        var cumulative = drawn[0];
        while (cumulative <= below)
        {
            cumulative += drawn[++rank];
        }

        var low = sorted[rank];
        if (h == below)
        {
            return low;
        }

        while (cumulative <= below + 1)
        {
            cumulative += drawn[++rank];
        }

        var high = sorted[rank];
        return low == high ? low : low + (h - below) * (high - low);
    }
}
