using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>
/// Spans and metrics of the clients, with the names that Aspire's own integration gives them: a <c>topic publish</c> whose context goes
/// into the record, and a <c>topic receive</c> that is a trace of its own and linked to it.
/// </summary>
internal static class KafkaTelemetry
{
    /// <summary>The name of the source and of the meter.</summary>
    public const string Name = "OpenTelemetry.Instrumentation.ConfluentKafka";

    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Operation Publish = new("publish", ActivityKind.Producer);
    private static readonly Operation Receive = new("receive", ActivityKind.Consumer);

    /// <summary>Begins a send; its context is in the record's headers when this returns.</summary>
    public static Activity? StartPublish<TKey, TValue>(string topic, Partition? partition, Message<TKey, TValue> message, string client)
    {
        var span = Publish.Start(topic, default, client);
        if (span is null)
        {
            return null;
        }

        if (partition is { IsSpecial: false } chosen)
        {
            span.SetTag("messaging.kafka.destination.partition", chosen.Value);
        }

        if (message.Key is not null and not Null and not Ignore and not byte[])
        {
            span.SetTag("messaging.kafka.message.key", message.Key);
        }

        message.Headers ??= [];
        Set(message.Headers, TraceParent, span.Id);
        Set(message.Headers, TraceState, span.TraceStateString);
        return span;
    }

    /// <summary>Ends a send: acknowledged, or, where nobody waits for that, queued.</summary>
    public static void EndPublish(Activity? span, string topic, long began, Error? error)
    {
        Publish.Count(topic, began, group: null, error);
        Fail(span, error);
        span?.Dispose();
    }

    /// <summary>Tells of a record that was received; its span is over when this returns.</summary>
    public static void Received<TKey, TValue>(ConsumeResult<TKey, TValue> record, DateTimeOffset startedAt, long began, string client, string? group)
    {
        Receive.Count(record.Topic, began, group, error: null);
        using var span = Receive.Start(record.Topic, Sender(record.Message?.Headers), client, startedAt);
        span?.SetTag("messaging.kafka.destination.partition", record.Partition.Value)
            .SetTag("messaging.kafka.message.offset", record.Offset.Value)
            .SetTag("messaging.kafka.consumer.group", group);
    }

    private static ActivityContext Sender(Headers? headers) =>
        ActivityContext.TryParse(Text(headers, TraceParent), Text(headers, TraceState), isRemote: true, out var context) ? context : default;

    private static string? Text(Headers? headers, string name) =>
        headers is not null && headers.TryGetLastBytes(name, out var bytes) && bytes is not null ? Encoding.UTF8.GetString(bytes) : null;

    private static void Set(Headers headers, string name, string? text)
    {
        headers.Remove(name);
        if (!string.IsNullOrEmpty(text))
        {
            headers.Add(name, Encoding.UTF8.GetBytes(text));
        }
    }

    private static void Fail(Activity? span, Error? error)
    {
        if (error is not null)
        {
            span?.SetStatus(ActivityStatusCode.Error, error.Reason).SetTag("error.type", error.Code.ToString());
        }
    }

    private sealed class Operation(string name, ActivityKind kind)
    {
        private readonly Counter<long> _messages = Meter.CreateCounter<long>($"messaging.{name}.messages", "{message}");
        private readonly Histogram<double> _duration = Meter.CreateHistogram<double>($"messaging.{name}.duration", "s");

        /// <summary>A received record begins a trace of its own, whatever the current span is; what is sent belongs to the current one.</summary>
        public Activity? Start(string topic, ActivityContext link, string client, DateTimeOffset startedAt = default)
        {
            if (!Source.HasListeners())
            {
                return null;
            }

            var outer = Activity.Current;
            if (kind == ActivityKind.Consumer)
            {
                Activity.Current = null;
            }

            var span = Source.StartActivity(
                $"{topic} {name}", kind, parentContext: default, links: link == default ? null : [new ActivityLink(link)], startTime: startedAt);
            if (span is null)
            {
                Activity.Current = outer;
            }

            return span?.SetTag("messaging.system", "kafka").SetTag("messaging.operation", name)
                .SetTag("messaging.destination.name", topic).SetTag("messaging.client_id", client);
        }

        public void Count(string topic, long began, string? group, Error? error)
        {
            TagList tags = new() { { "messaging.system", "kafka" }, { "messaging.operation", name }, { "messaging.destination.name", topic } };
            if (group is not null)
            {
                tags.Add("messaging.kafka.consumer.group", group);
            }

            if (error is not null)
            {
                tags.Add("error.type", error.Code.ToString());
            }

            _messages.Add(1, tags);
            _duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, tags);
        }
    }
}
