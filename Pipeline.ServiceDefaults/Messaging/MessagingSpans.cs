using System.Diagnostics;
using Confluent.Kafka;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.ServiceDefaults.Messaging;

/// <summary>Spans of sending and processing. Each method returns null, and costs nothing, when nobody listens.</summary>
public static class MessagingSpans
{
    // The exporter keeps no more.
    private const int MaxLinks = 128;

    /// <summary>"send topic": from the hand-over until the acknowledgement.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="parent">What the record is about; default: a trace of its own.</param>
    /// <param name="startedAt">When it began, where that is not now.</param>
    public static Activity? StartSend(string topic, ActivityContext parent = default, DateTimeOffset startedAt = default)
    {
        if (!PipelineTelemetry.Source.HasListeners())
            return null;
        // A default parent would mean Activity.Current, which in a batch loop is some other record's.
        var outer = Activity.Current;
        Activity.Current = null;
        var activity = PipelineTelemetry.Source.StartActivity($"send {topic}", ActivityKind.Producer, parent, Attributes("send", "send", topic), startTime: startedAt);
        Activity.Current = outer;
        return activity;
    }

    /// <summary>"process topic": a batch, linked to its senders.</summary>
    public static Activity? StartProcess(string topic, string groupId, IReadOnlyList<ConsumeResult<byte[], byte[]>> batch)
    {
        if (!PipelineTelemetry.Source.HasListeners())
            return null;
        var links = new List<ActivityLink>();
        for (var i = 0; i < batch.Count && links.Count < MaxLinks; i++)
        {
            if (TraceContext.TryExtract(batch[i].Message.Headers, out var sender))
                links.Add(new ActivityLink(sender));
        }
        Activity.Current = null;                             // a batch is nobody's child
        return PipelineTelemetry.Source.StartActivity($"process {topic}", ActivityKind.Consumer, parentContext: default,
            [.. Attributes("process", "process", topic), new(TelemetryNames.ConsumerGroup, groupId), new(TelemetryNames.BatchMessageCount, batch.Count)], links);
    }

    private static KeyValuePair<string, object?>[] Attributes(string operation, string type, string topic) =>
    [
        new(TelemetryNames.MessagingSystem, TelemetryNames.Kafka),
        new(TelemetryNames.OperationName, operation),
        new(TelemetryNames.OperationType, type),
        new(TelemetryNames.DestinationName, topic),
    ];
}
