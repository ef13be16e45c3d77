namespace Pipeline.Latency.Traces;

/// <summary>What the experiment needs of a span.</summary>
/// <param name="Service">The resource's <c>service.name</c>; empty when it has none.</param>
internal sealed record Span(
    UInt128 TraceId, ulong SpanId, ulong ParentSpanId, string Service, string Name, SpanKind Kind, long Start, long End, SpanAttributes Attributes,
    IReadOnlyList<ulong> LinkedSpanIds);

/// <summary>OTLP's numbers.</summary>
internal enum SpanKind
{
    Unspecified,
    Internal,
    Server,
    Client,
    Producer,
    Consumer,
}

/// <summary>The attributes that say which image a span is about, and how it fared.</summary>
internal readonly record struct SpanAttributes(string? ImageId, string? ProducerId, int BatchSize, double ScheduleLagSeconds, string? ErrorType);
