using System.Diagnostics.Metrics;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>A histogram of seconds with bounds for what takes milliseconds here, where the conventions' begin at 5 ms.</summary>
/// <remarks>
/// Aspire's dashboard takes no exponential ones. For a receiver that does, say so in OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION.
/// </remarks>
public static class DurationHistogram
{
    /// <summary>Twelve a decade, from 0.1 ms to 10 s: a quantile is told at most a quarter too high.</summary>
    private static readonly InstrumentAdvice<double> Advice = new()
    {
        HistogramBucketBoundaries =
        [
            .. from decade in (decimal[])[0.0001m, 0.001m, 0.01m, 0.1m, 1m]
               from step in (decimal[])[1.0m, 1.2m, 1.5m, 1.8m, 2.2m, 2.7m, 3.3m, 3.9m, 4.7m, 5.6m, 6.8m, 8.2m]
               select (double)(decade * step),
            10,
        ],
    };

    /// <summary>One of them, for the meter.</summary>
    public static Histogram<double> CreateDurationHistogram(this Meter meter, string name, string description) =>
        meter.CreateHistogram(name, "s", description, tags: null, Advice);
}
