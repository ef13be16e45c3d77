using System.Diagnostics.Metrics;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.Inference;

/// <summary>How long the model takes and how much it gets at once.</summary>
internal static class InferenceMetrics
{
    private static readonly Histogram<double> Duration =
        PipelineTelemetry.Meter.CreateHistogram<double>(TelemetryNames.InferenceDuration, "s", "One model run");

    private static readonly Histogram<int> BatchSize =
        PipelineTelemetry.Meter.CreateHistogram<int>(TelemetryNames.InferenceBatchSize, "{image}", "Images of one model run");

    public static void Record(int images, TimeSpan duration)
    {
        Duration.Record(duration.TotalSeconds);
        BatchSize.Record(images);
    }
}
