using System.Diagnostics;
using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.Contracts.Stored;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.DbConsumer;

/// <summary>
/// What storing adds to an image's trace, made in one go when the store has acknowledged the batch: the instants are known by
/// then, and neighbouring spans share them. And the last stages of the image's way.
/// </summary>
/// <remarks>
/// <code>
/// process image_data, process inference_results    received … the write is acknowledged
/// └ store wait                                      received … its bulk is handed to the store
/// </code>
/// </remarks>
internal sealed class StoreSpans(RecordSpans spans)
{
    private static readonly Histogram<double> WriteDuration =
        PipelineTelemetry.Meter.CreateHistogram<double>(TelemetryNames.DbOperationDuration, "s", "One bulk write, which counts as one operation");

    private static readonly KeyValuePair<string, object?>[] WriteAttributes =
    [
        new(TelemetryNames.DbSystem, TelemetryNames.MongoDB),
        new(TelemetryNames.DbOperation, TelemetryNames.BulkWrite),
        new(TelemetryNames.DbCollection, StoredImage.Collection),
    ];

    private static readonly MessagingOperation Images = MessagingOperation.Process(Topics.ImageData, Topics.DbConsumerGroup);

    private static readonly MessagingOperation Results = MessagingOperation.Process(Topics.InferenceResults, Topics.DbConsumerGroup);

    /// <summary>Records the bulk that a batch became.</summary>
    public static void RecordWrite(DateTimeOffset issuedAt, DateTimeOffset writtenAt) => WriteDuration.Record((writtenAt - issuedAt).TotalSeconds, WriteAttributes);

    /// <summary>Records one record's way through this service.</summary>
    /// <param name="received">The record.</param>
    /// <param name="batch">The span of storing its batch; null when nobody listens.</param>
    /// <param name="issuedAt">When the batch was handed to the store.</param>
    /// <param name="writtenAt">When the store had acknowledged it.</param>
    /// <param name="problem">Why the record was not stored; null when it was.</param>
    public void Record(Received received, Activity? batch, DateTimeOffset issuedAt, DateTimeOffset writtenAt, Problem? problem)
    {
        var operation = received.Record.Topic == Topics.ImageData ? Images : Results;
        var process = spans.StartProcess(operation, received, batch);
        if (process is not null)
        {
            PipelineTelemetry.Start(TelemetryNames.StoreWait, ActivityKind.Internal, process.Context, received.At)?.End(issuedAt);
        }

        operation.Record(received.At, writtenAt, errorType: problem?.Kind.ToString());
        if (problem is not null)
        {
            process?.Fail(problem.Kind.ToString(), problem.Text);
        }
        else if (operation == Results)
        {
            RecordStages(received, issuedAt, writtenAt);
        }

        process?.End(writtenAt);
    }

    private static void RecordStages(Received result, DateTimeOffset issuedAt, DateTimeOffset writtenAt)
    {
        var headers = result.Record.Message.Headers;
        if (headers.Instant(ImageHeaders.SentAt) is { } sentAt)
        {
            Stage.BrokerPredictions.Record(sentAt, result.At);
        }

        Stage.StoreWait.Record(result.At, issuedAt);
        Stage.Store.Record(issuedAt, writtenAt);
        if (headers.Instant(ImageHeaders.ScheduledAt) is { } scheduledAt)
        {
            ImageDuration.Record(TelemetryNames.Stored, scheduledAt, writtenAt);
        }
    }
}
