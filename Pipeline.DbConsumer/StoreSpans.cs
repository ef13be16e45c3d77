using System.Diagnostics;
using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.DbConsumer;

/// <summary>
/// What storing adds to an image's trace, made in one go when the store has acknowledged the batch: the instants are known by
/// then, and neighbouring spans share them.
/// </summary>
/// <remarks>
/// <code>
/// process image_data, process inference_results    received … the write is acknowledged
/// └ store wait                                      received … its bulk is handed to the store
/// </code>
/// </remarks>
internal sealed class StoreSpans(RecordSpans spans, StoreMetrics metrics, PipelineMetrics pipeline, TopicOptions topics, GroupOptions groups)
{
    private readonly MessagingOperation _images = MessagingOperation.Process(pipeline, topics.Images, groups.DbConsumer);

    private readonly MessagingOperation _results = MessagingOperation.Process(pipeline, topics.Results, groups.DbConsumer);

    /// <summary>Records one record's way through this service.</summary>
    /// <param name="received">The record.</param>
    /// <param name="batch">The span of storing its batch; null when nobody listens.</param>
    /// <param name="issuedAt">When the batch was handed to the store.</param>
    /// <param name="writtenAt">When the store had acknowledged it.</param>
    /// <param name="problem">Why the record was not stored; null when it was.</param>
    public void Record(Received received, Activity? batch, DateTimeOffset issuedAt, DateTimeOffset writtenAt, Problem? problem)
    {
        var operation = received.Record.Topic == topics.Images ? _images : _results;
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
        else if (operation == _results)
        {
            metrics.RecordStages(received, issuedAt, writtenAt);
        }

        process?.End(writtenAt);
    }
}
