using System.Collections.Immutable;

namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>The numbers are OTLP's.</summary>
public enum SpanKind { Unspecified = 0, Internal = 1, Server = 2, Client = 3, Producer = 4, Consumer = 5 }

/// <summary>The numbers are OTLP's.</summary>
public enum SpanStatus { Unset = 0, Ok = 1, Error = 2 }

/// <summary>What kind of work a span describes, told by its attributes; a trace has those of all its spans.</summary>
[Flags]
public enum SpanTypes { None = 0, Http = 1, Database = 2, Messaging = 4, Rpc = 8, GenAI = 16, Other = 32 }

/// <summary>A moment in a span. Time in nanoseconds since 1970, UTC.</summary>
public sealed record SpanEvent(ulong TimeUnixNano, string Name, Attributes Attributes, uint DroppedAttributesCount = 0);

/// <summary>A pointer from one span to another, mostly of another trace: a batch links the spans that sent its records.</summary>
public readonly record struct SpanLink(
    TraceId TraceId, SpanId SpanId, Attributes Attributes, string TraceState = "", uint Flags = 0, uint DroppedAttributesCount = 0);

/// <summary>One operation of one resource: its time, its place in a trace, what it says about itself. It never changes.</summary>
public sealed class Span
{
    public required TraceId TraceId { get; init; }
    public required SpanId SpanId { get; init; }

    /// <summary>Empty for a root.</summary>
    public SpanId ParentSpanId { get; init; }

    public required string Name { get; init; }
    public SpanKind Kind { get; init; }

    /// <summary>Nanoseconds since 1970, UTC.</summary>
    public ulong StartUnixNano { get; init; }

    /// <summary>Nanoseconds since 1970, UTC.</summary>
    public ulong EndUnixNano { get; init; }

    public Attributes Attributes
    {
        get;
        init => (field, Type) = (value, TypeOf(value));
    } = Attributes.None;

    public IReadOnlyList<SpanEvent> Events { get; init; } = [];
    public ImmutableArray<SpanLink> Links { get; init; } = [];
    public SpanStatus Status { get; init; }
    public string StatusMessage { get; init; } = "";
    public string TraceState { get; init; } = "";

    /// <summary>Bits 0–7 are W3C's trace flags; bit 8 says whether bit 9, "the parent is remote", is known.</summary>
    public uint Flags { get; init; }

    public uint DroppedAttributesCount { get; init; }
    public uint DroppedEventsCount { get; init; }
    public uint DroppedLinksCount { get; init; }
    public required TelemetryResource Resource { get; init; }
    public required InstrumentationScope Scope { get; init; }

    /// <summary>One of <see cref="SpanTypes"/>.</summary>
    public SpanTypes Type { get; private init; } = SpanTypes.Other;

    public bool IsError => Status == SpanStatus.Error;

    public DateTimeOffset Start => UnixNano.ToTime(StartUnixNano);

    /// <summary>Zero where clocks went backwards.</summary>
    public TimeSpan Duration => UnixNano.Between(StartUnixNano, EndUnixNano);

    public int EstimatedBytes
    {
        get
        {
            var bytes = 220 + Attributes.EstimatedBytes + (2 * (StatusMessage.Length + TraceState.Length));
            foreach (var moment in Events) bytes += 64 + (2 * moment.Name.Length) + moment.Attributes.EstimatedBytes;
            foreach (ref readonly var link in Links.AsSpan()) bytes += 48 + (2 * link.TraceState.Length) + link.Attributes.EstimatedBytes;
            return bytes;
        }
    }

    private static readonly (string Prefix, SpanTypes Type)[] TypesByAttribute =
    [
        ("gen_ai.", SpanTypes.GenAI),
        ("db.", SpanTypes.Database),
        ("messaging.", SpanTypes.Messaging),
        ("rpc.", SpanTypes.Rpc),
        ("http.", SpanTypes.Http),
    ];

    private static SpanTypes TypeOf(Attributes attributes)
    {
        foreach (var (key, _) in attributes.AsSpan())
        {
            foreach (var (prefix, type) in TypesByAttribute)
            {
                if (key.StartsWith(prefix, StringComparison.Ordinal)) return type;
            }
        }
        return SpanTypes.Other;
    }
}
