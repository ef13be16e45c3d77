using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Confluent.Kafka;
using OpenTelemetry.Context.Propagation;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>
/// W3C trace context in record headers. What most records of a busy system need, that nothing is recorded, is read and passed on without
/// the propagator, which would make strings of it.
/// </summary>
public static class TraceContext
{
    private const string TraceParent = "traceparent";
    private const string TraceState = "tracestate";
    private const int TraceParentLength = 55;

    /// <summary>What is longer counts as none; W3C asks to keep as much of a tracestate.</summary>
    private const int MaxHeaderBytes = 512;

    private static readonly TraceContextPropagator Propagator = new();

    /// <summary>Says that an image's trace is not recorded. No trace has this id, so one serves all images of a process.</summary>
    private static readonly byte[] NotRecorded =
        Encoding.ASCII.GetBytes($"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-00");

    /// <summary>Writes the context of a span.</summary>
    public static void Inject(Activity activity, Headers headers)
    {
        headers.Remove(TraceState);                          // the propagator writes it only where there is one
        Propagator.Inject(new PropagationContext(activity.Context, default), headers, static (to, name, value) => to.Set(name, value));
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
            if (TryGet(from, name, out var bytes))
            {
                to.Add(name, bytes);
            }
        }
    }

    /// <summary>The context that the sender wrote. A malformed one counts as none: it never costs the record.</summary>
    public static bool TryExtract(Headers? headers, out ActivityContext context)
    {
        context = Propagator.Extract(
            default, headers, static (from, name) => TryGet(from, name, out var bytes) ? [Encoding.UTF8.GetString(bytes)] : []).ActivityContext;
        return context.TraceId != default && context.SpanId != default;
    }

    /// <summary>Whether the sender wrote that its trace is not recorded. Looks at the flags alone: most records of a busy system end here.</summary>
    public static bool IsNotRecorded(Headers? headers) =>
        TryGet(headers, TraceParent, out var bytes) && bytes.Length == TraceParentLength
        && "02468ace"u8.Contains(bytes[^1]);                 // hexadecimal flags without the lowest bit

    private static bool TryGet(Headers? headers, string name, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        return headers is not null && headers.TryGetLastBytes(name, out bytes) && bytes is { Length: <= MaxHeaderBytes };
    }
}
