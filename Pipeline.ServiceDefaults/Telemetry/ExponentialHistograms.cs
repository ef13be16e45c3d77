using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>The view that makes every histogram exponential.</summary>
internal static class ExponentialHistograms
{
    /// <summary>Over a range of 1 to 1,000 a value is known to within 2.2 %, where the usual bounds of a duration begin at 5 ms.</summary>
    private const int Buckets = 160;

    public static Base2ExponentialBucketHistogramConfiguration? Of(Instrument instrument) =>
        instrument is Histogram<double> or Histogram<int> or Histogram<long> ? new() { MaxSize = Buckets } : null;
}
