namespace Pipeline.Latency.Statistics;

/// <summary>Quantiles of raw samples by linear interpolation, type 7 of Hyndman and Fan: what NumPy and R do unless told otherwise.</summary>
internal static class Percentile
{
    /// <param name="sorted">Ascending; lost images are positive infinity.</param>
    /// <param name="p">0 to 1.</param>
    /// <returns>NaN without samples; infinity when the quantile falls among the lost.</returns>
    public static double Of(ReadOnlySpan<double> sorted, double p)
    {
        if (sorted.IsEmpty)
        {
            return double.NaN;
        }

        var h = (sorted.Length - 1) * p;
        var below = (int)Math.Floor(h);
        var share = h - below;
        // Also keeps infinity out of the arithmetic where its share is nothing.
        if (share == 0)
        {
            return sorted[below];
        }

        return sorted[below] == sorted[below + 1] ? sorted[below] : sorted[below] + share * (sorted[below + 1] - sorted[below]);
    }
}
