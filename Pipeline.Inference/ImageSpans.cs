using System.Diagnostics;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.Inference;

/// <summary>
/// What inference adds to an image's trace, made in one go when its prediction is sent: the instants are known by then, and
/// neighbouring spans share them.
/// </summary>
/// <remarks>
/// <code>
/// process image_data           received … prediction acknowledged
/// ├ batch wait                 received … its batch starts
/// ├ infer MODEL                the batch's run
/// └ send inference_results     prediction written … acknowledged
/// </code>
/// </remarks>
internal sealed class ImageSpans(RecordSpans spans, PipelineMetrics metrics, TopicOptions topics, BatchConsumer images)
{
    public MessagingOperation Processing { get; } = MessagingOperation.Process(metrics, topics.Images, images.GroupId);

    public MessagingOperation Sending { get; } = MessagingOperation.Send(metrics, topics.Results);

    /// <summary>Starts the process span of an image that never reaches the model.</summary>
    /// <returns>Null when the image is not traced.</returns>
    public Activity? Start(Received received) => spans.StartProcess(Processing, received, batch: null);

    /// <summary>Starts the process span and those inside it; the process span stays current.</summary>
    /// <returns>Nulls when the image is not traced.</returns>
    public (Activity? Process, Activity? Send) Start(Received received, ModelRun run, InferenceResult result, DateTimeOffset sentAt)
    {
        var process = spans.StartProcess(Processing, received, run.Span);
        if (process is null)
        {
            return default;
        }

        PipelineTelemetry.Start(TelemetryNames.BatchWait, ActivityKind.Internal, process.Context, received.At)?.End(run.StartedAt);
        if (PipelineTelemetry.Start($"{TelemetryNames.Infer} {run.Model.ModelName}", ActivityKind.Internal, process.Context, run.StartedAt) is { } infer)
        {
            infer.AddTag(TelemetryNames.ModelName, run.Model.ModelName)
                .AddTag(TelemetryNames.ModelVersion, run.Model.ModelVersion)
                .AddTag(TelemetryNames.ModelPrecision, run.Model.ModelPrecision)
                .AddTag(TelemetryNames.BatchSize, (object)run.BatchSize)
                .AddTag(TelemetryNames.BatchId, run.Span?.SpanId.ToHexString())
                .AddTag(TelemetryNames.PredictedClass, result.InferredValue)
                .AddTag(TelemetryNames.PredictedConfidence, (object?)(double?)result.Confidence)
                .End(run.EndedAt);
        }
        var send = Sending.Start(process.Context, sentAt);
        Activity.Current = process;
        return (process, send);
    }
}
