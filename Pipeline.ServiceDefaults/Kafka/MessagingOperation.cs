using System.Diagnostics;
using System.Diagnostics.Metrics;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>
/// Something done with a topic: the name and kind of its spans, and the attributes that all of them and its metrics carry.
/// Made once and kept, so that the hot path builds no strings.
/// </summary>
public sealed class MessagingOperation
{
    private readonly Histogram<double> _duration;
    private readonly Counter<long>? _messages;
    private readonly KeyValuePair<string, object?>[] _attributes;

    private MessagingOperation(
        string name, string type, ActivityKind kind, string? topic, string? groupId, Histogram<double> duration, Counter<long>? messages)
    {
        (SpanName, Kind, _duration, _messages) = (topic is null ? name : $"{name} {topic}", kind, duration, messages);
        List<KeyValuePair<string, object?>> attributes =
        [
            new(TelemetryNames.MessagingSystem, TelemetryNames.Kafka),
            new(TelemetryNames.OperationName, name),
            new(TelemetryNames.OperationType, type),
        ];
        if (topic is not null)
        {
            attributes.Add(new(TelemetryNames.DestinationName, topic));
        }

        if (groupId is not null)
        {
            attributes.Add(new(TelemetryNames.ConsumerGroup, groupId));
        }

        _attributes = [.. attributes];
    }

    public string SpanName { get; }

    public ActivityKind Kind { get; }

    /// <summary>From the hand-over of a record until the broker has it.</summary>
    public static MessagingOperation Send(PipelineMetrics metrics, string topic) =>
        new(TelemetryNames.Send, TelemetryNames.Send, ActivityKind.Producer, topic, null, metrics.OperationDuration, metrics.SentMessages);

    /// <summary>Taking what has arrived; not the wait for it.</summary>
    /// <param name="metrics">Where it is counted.</param>
    /// <param name="topic">Null when the records are of several.</param>
    /// <param name="groupId">Who takes.</param>
    public static MessagingOperation Poll(PipelineMetrics metrics, string? topic, string groupId) =>
        new(TelemetryNames.Poll, TelemetryNames.Receive, ActivityKind.Client, topic, groupId, metrics.OperationDuration, metrics.ConsumedMessages);

    /// <summary>Handling of one record, until what came of it is acknowledged.</summary>
    /// <param name="metrics">Where it is counted.</param>
    /// <param name="topic">Where it came from.</param>
    /// <param name="groupId">Who handles it; null for a reader without a group.</param>
    public static MessagingOperation Process(PipelineMetrics metrics, string topic, string? groupId) =>
        new(TelemetryNames.Process, TelemetryNames.Process, ActivityKind.Consumer, topic, groupId, metrics.ProcessDuration, null);

    /// <summary>Marking records as done.</summary>
    public static MessagingOperation Commit(PipelineMetrics metrics, string? topic, string groupId) =>
        new(TelemetryNames.Commit, TelemetryNames.Settle, ActivityKind.Client, topic, groupId, metrics.OperationDuration, null);

    /// <summary>Starts a span of this operation; see <see cref="PipelineTelemetry.Start"/>.</summary>
    public Activity? Start(ActivityContext parent, DateTimeOffset at, IEnumerable<ActivityLink>? links = null) =>
        PipelineTelemetry.Start(SpanName, Kind, parent, at, _attributes, links);

    /// <summary>Counts the operation, whether it is traced or not. While its span is current, a slow one leads to its trace.</summary>
    /// <param name="began">When it began.</param>
    /// <param name="ended">When it ended.</param>
    /// <param name="messages">Records that it moved.</param>
    /// <param name="errorType">Why it failed, if it did.</param>
    public void Record(DateTimeOffset began, DateTimeOffset ended, int messages = 1, string? errorType = null)
    {
        ReadOnlySpan<KeyValuePair<string, object?>> attributes = errorType is null
            ? _attributes
            : [.. _attributes, new(TelemetryNames.ErrorType, errorType)];
        _duration.Record((ended - began).TotalSeconds, attributes);
        _messages?.Add(messages, attributes);
    }
}
