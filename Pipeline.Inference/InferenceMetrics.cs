using System.Diagnostics.Metrics;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.Inference;

/// <summary>How long the model takes and how much it gets at once.</summary>
internal sealed class InferenceMetrics(ImageClassifier classifier)
{
    private static readonly Histogram<double> Duration =
        PipelineTelemetry.Meter.CreateHistogram<double>(TelemetryNames.InferenceDuration, "s", "One model run");

    private static readonly Histogram<int> BatchSize =
        PipelineTelemetry.Meter.CreateHistogram<int>(TelemetryNames.InferenceBatchSize, "{image}", "Images of one model run");

    private readonly KeyValuePair<string, object?> _model = new(TelemetryNames.ModelName, classifier.ModelName);
    private readonly KeyValuePair<string, object?> _precision = new(TelemetryNames.ModelPrecision, classifier.ModelPrecision);

    public void Record(ModelRun run)
    {
        Duration.Record(run.Duration.TotalSeconds, _model, _precision);
        BatchSize.Record(run.BatchSize, _model);
    }
}
