using System.Diagnostics;
using System.Text;
using Confluent.Kafka;

namespace Pipeline.ServiceDefaults.Messaging;

/// <summary>W3C trace context in record headers. Source: W3C Trace Context, level 1.</summary>
public static class TraceContext
{
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";
    private const int TraceParentLength = 55;

    // "00-", 32 digits, "-", 16 digits, "-", flags in two digits.
    private const int TraceIdStart = 3, SpanIdStart = 36, FlagsStart = 53;

    /// <summary>Says that an image's trace is not recorded. No trace has this id, so one serves all images of a process.</summary>
    private static readonly byte[] NotRecorded =
        Encoding.ASCII.GetBytes($"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-00");

    /// <summary>Writes the context of a span.</summary>
    public static void Inject(Activity activity, Headers headers)
    {
        var parent = new byte[TraceParentLength];
        "00-"u8.CopyTo(parent);
        Encoding.ASCII.GetBytes(activity.TraceId.ToHexString(), parent.AsSpan(TraceIdStart));
        parent[SpanIdStart - 1] = (byte)'-';
        Encoding.ASCII.GetBytes(activity.SpanId.ToHexString(), parent.AsSpan(SpanIdStart));
        parent[FlagsStart - 1] = (byte)'-';
        parent[FlagsStart] = (byte)'0';
        parent[FlagsStart + 1] = activity.Recorded ? (byte)'1' : (byte)'0';

        headers.Remove(TraceParent);
        headers.Add(TraceParent, parent);
        headers.Remove(TraceState);
        if (!string.IsNullOrEmpty(activity.TraceStateString))
            headers.Set(TraceState, activity.TraceStateString);
    }

    /// <summary>Writes that nothing on this record's way is recorded, for a trace that would have begun here.</summary>
    public static void InjectNotRecorded(Headers headers)
    {
        headers.Remove(TraceParent);
        headers.Add(TraceParent, NotRecorded);
        headers.Remove(TraceState);
    }

    /// <summary>Passes a context on byte for byte: where nothing is recorded, the flags still travel.</summary>
    public static void Forward(Headers? from, Headers to)
    {
        foreach (var name in (ReadOnlySpan<string>)[TraceParent, TraceState])
        {
            to.Remove(name);
            if (from is not null && from.TryGetLastBytes(name, out var bytes))
                to.Add(name, bytes);
        }
    }

    /// <summary>The context that the sender wrote. A malformed one counts as none: it never costs the record.</summary>
    public static bool TryExtract(Headers? headers, out ActivityContext context)
    {
        context = default;
        return headers.Text(TraceParent) is { Length: TraceParentLength } parent
            && ActivityContext.TryParse(parent, headers.Text(TraceState), isRemote: true, out context)
            && context.TraceId != default && context.SpanId != default;
    }

    /// <summary>Whether the sender wrote that its trace is not recorded. Looks at the flags alone: most records of a busy system end here.</summary>
    public static bool IsNotRecorded(Headers? headers) =>
        headers is not null && headers.TryGetLastBytes(TraceParent, out var bytes) && bytes is { Length: TraceParentLength }
        && "02468ace"u8.Contains(bytes[^1]);                 // hexadecimal flags without the lowest bit
}
