namespace Pipeline.Latency.Results;

/// <summary>When a run is warm: compiled, connected, its groups settled.</summary>
internal static class WarmUp
{
    /// <summary>What is discarded at most.</summary>
    public const double MaxSeconds = 60;

    private const int Windows = 3;
    private const double WindowSeconds = 2;

    // The median of fewer images varies by more than the tolerance all by itself: as the root of their number.
    private const int WindowImages = 100;
    private const double Tolerance = 0.05;

    /// <summary>With fewer in each window nothing can be said.</summary>
    private const int MinWindowImages = 10;

    /// <summary>
    /// Seconds to discard: what is asked for, or longer until the medians of three windows in a row lie within 5 % of each other; a run too
    /// short for three windows of 100 images has smaller ones and a wider tolerance. Where that does not come within a third of the run or a
    /// minute, so much is discarded, and the run is not steady.
    /// </summary>
    /// <param name="latencies">By the seconds at which they were due; lost images are positive infinity.</param>
    public static (double Seconds, bool IsSteady) Find(IReadOnlyList<(double DueSeconds, double LatencyMs)> latencies, double askedSeconds)
    {
        if (latencies.Count == 0)
        {
            return (askedSeconds, false);
        }

        var runSeconds = latencies[^1].DueSeconds;
        var latest = Math.Max(askedSeconds, Math.Min(MaxSeconds, runSeconds / 3));
        if (latencies.Count(image => image.DueSeconds >= latest) < Windows * MinWindowImages)
        {
            return (askedSeconds, false);
        }

        var windowSeconds = Math.Min(Math.Max(WindowSeconds, WindowImages * runSeconds / latencies.Count), (runSeconds - latest) / Windows);
        for (var start = askedSeconds; start <= latest; start += WindowSeconds)
        {
            if (IsSteadyFrom(latencies, start, windowSeconds))
            {
                return (start, true);
            }
        }

        return (latest, false);
    }

    private static bool IsSteadyFrom(IReadOnlyList<(double DueSeconds, double LatencyMs)> latencies, double start, double windowSeconds)
    {
        var medians = new double[Windows];
        var fewest = WindowImages;
        for (var i = 0; i < Windows; i++)
        {
            var from = start + i * windowSeconds;
            double[] window = [.. latencies.Where(image => image.DueSeconds >= from && image.DueSeconds < from + windowSeconds)
                .Select(image => image.LatencyMs).Order()];
            if (window.Length == 0)
            {
                return false;
            }

            medians[i] = Statistics.Percentile.Of(window, 0.5);
            fewest = Math.Min(fewest, window.Length);
        }

        return medians.Max() <= medians.Min() * (1 + Tolerance * Math.Sqrt(WindowImages / (double)fewest));
    }
}
