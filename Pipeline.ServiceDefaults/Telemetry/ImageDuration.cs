using System.Diagnostics.Metrics;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>From the instant at which an image was due until one of the two ends of its way; recorded for every image.</summary>
public static class ImageDuration
{
    private static readonly Histogram<double> Durations =
        PipelineTelemetry.Meter.CreateHistogram<double>(TelemetryNames.ImageDuration, "s", "From the scheduled shutter to an end point");

    /// <param name="endpoint"><see cref="TelemetryNames.Predicted"/>: the camera read its prediction; <see cref="TelemetryNames.Stored"/>: the store has it.</param>
    /// <param name="scheduledAt">When it was due.</param>
    /// <param name="endedAt">When it was there.</param>
    public static void Record(string endpoint, DateTimeOffset scheduledAt, DateTimeOffset endedAt) =>
        Durations.Record((endedAt - scheduledAt).TotalSeconds, new KeyValuePair<string, object?>(TelemetryNames.Endpoint, endpoint));
}
