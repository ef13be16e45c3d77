using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>The instruments that services share. Without a listener each call is a check of a flag.</summary>
public static class PipelineTelemetry
{
    public static readonly ActivitySource Source = new(TelemetryNames.ActivitySource);

    public static readonly Meter Meter = new(TelemetryNames.Meter);

    private static readonly Counter<long> Images = Meter.CreateCounter<long>(TelemetryNames.Images, "{image}", "Images by what became of them");

    /// <param name="count">Images.</param>
    /// <param name="outcome">One of the values that <see cref="TelemetryNames"/> lists.</param>
    public static void CountImages(long count, string outcome) =>
        Images.Add(count, new KeyValuePair<string, object?>(TelemetryNames.Outcome, outcome));
}
