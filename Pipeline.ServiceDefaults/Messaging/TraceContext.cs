using System.Diagnostics;
using Confluent.Kafka;

namespace Pipeline.ServiceDefaults.Messaging;

/// <summary>W3C trace context in record headers. Source: W3C Trace Context, level 1.</summary>
public static class TraceContext
{
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";
    private const int TraceParentLength = 55;

    /// <summary>Writes the context of <paramref name="activity"/>; nothing when there is none.</summary>
    public static void Inject(Activity? activity, Headers headers)
    {
        if (activity?.Id is not { Length: TraceParentLength } id)
            return;
        headers.Set(TraceParent, id);
        headers.Remove(TraceState);
        if (!string.IsNullOrEmpty(activity.TraceStateString))
            headers.Set(TraceState, activity.TraceStateString);
    }

    /// <summary>Writes a context as it came: where nothing is recorded, the flags still travel.</summary>
    public static void Inject(ActivityContext context, Headers headers)
    {
        headers.Set(TraceParent, $"00-{context.TraceId}-{context.SpanId}-{(byte)context.TraceFlags:x2}");
        headers.Remove(TraceState);
        if (!string.IsNullOrEmpty(context.TraceState))
            headers.Set(TraceState, context.TraceState);
    }

    /// <summary>The context that the sender wrote. A malformed one counts as none: it never costs the record.</summary>
    public static bool TryExtract(Headers? headers, out ActivityContext context)
    {
        context = default;
        return headers.Text(TraceParent) is { Length: TraceParentLength } parent
            && ActivityContext.TryParse(parent, headers.Text(TraceState), isRemote: true, out context)
            && context.TraceId != default && context.SpanId != default;
    }
}
