using System.Diagnostics.Metrics;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.Inference;

/// <summary>How long the model takes and how much it gets at once; and this service's part of an image's way.</summary>
internal sealed class InferenceMetrics(PipelineMetrics pipeline)
{
    private readonly Histogram<double> _duration =
        pipeline.Meter.CreateDurationHistogram(TelemetryNames.InferenceDuration, "One model run");

    private readonly Histogram<int> _batchSize = pipeline.Meter.CreateHistogram(
        TelemetryNames.InferenceBatchSize, "{image}", "Images of one model run", tags: null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] });

    /// <summary>So many more images, or fewer, wait for the model.</summary>
    public void MoveWaiting(int images) => pipeline.Move(Stage.BatchWait, images);

    public void Record(ModelRun run)
    {
        var model = KeyValuePair.Create(TelemetryNames.ModelName, (object?)run.Model.ModelName);
        _duration.Record(run.Duration.TotalSeconds, model, KeyValuePair.Create(TelemetryNames.ModelPrecision, (object?)run.Model.ModelPrecision));
        _batchSize.Record(run.BatchSize, model);
    }

    /// <summary>Records an image's stages up to the instant at which its result is handed to Kafka.</summary>
    public void RecordStages(Received source, ModelRun run, DateTimeOffset sentAt)
    {
        if (source.Record.Message.Headers.Instant(ImageHeaders.SentAt) is { } imageSentAt)
        {
            pipeline.Record(Stage.BrokerImages, imageSentAt, source.At);
        }

        pipeline.Record(Stage.BatchWait, source.At, run.StartedAt);
        pipeline.Record(Stage.Inference, run.StartedAt, run.EndedAt);
        pipeline.Record(Stage.Publish, run.EndedAt, sentAt);
    }

    public void CountPredicted() => pipeline.CountImages(1, TelemetryNames.Predicted);
}
