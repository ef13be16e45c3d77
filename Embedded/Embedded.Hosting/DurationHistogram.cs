using System.Diagnostics.Metrics;

namespace Embedded.Hosting;

/// <summary>
/// A histogram of seconds with bounds for what a server on the same machine does in less than a millisecond. Explicit ones: Aspire's dashboard takes
/// no other.
/// </summary>
internal static class DurationHistogram
{
    /// <summary>Six a decade, from 10 µs to 10 s.</summary>
    private static readonly InstrumentAdvice<double> Advice = new()
    {
        HistogramBucketBoundaries =
        [
            .. from decade in (decimal[])[0.00001m, 0.0001m, 0.001m, 0.01m, 0.1m, 1m]
               from step in (decimal[])[1.0m, 1.5m, 2.2m, 3.3m, 4.7m, 6.8m]
               select (double)(decade * step),
            10,
        ],
    };

    /// <summary>One of them, for the meter.</summary>
    public static Histogram<double> CreateDurationHistogram(this Meter meter, string name, string description) =>
        meter.CreateHistogram(name, "s", description, tags: null, Advice);
}
