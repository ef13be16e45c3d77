using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Tests.Dashboard.Pages;

/// <summary>Spans of one trace, by number; times in milliseconds.</summary>
internal static class ASpan
{
    public static readonly TelemetryResource Web = new(Attributes.Of(("service.name", "web")));
    public static readonly TelemetryResource Store = new(Attributes.Of(("service.name", "store")));

    public static Span Of(ulong id, ulong parent = 0, int start = 0, int end = 10, TelemetryResource? resource = null, SpanKind kind = SpanKind.Internal, Attributes? attributes = null) => new()
    {
        TraceId = new TraceId(1, 1),
        SpanId = new SpanId(id),
        ParentSpanId = new SpanId(parent),
        Name = $"span {id}",
        Kind = kind,
        StartUnixNano = At(start),
        EndUnixNano = At(end),
        Attributes = attributes ?? Attributes.None,
        Resource = resource ?? Web,
        Scope = InstrumentationScope.Unknown,
    };

    /// <summary>Nanoseconds since 1970.</summary>
    public static ulong At(int milliseconds) => (ulong)(1_700_000_000_000_000_000 + (milliseconds * 1_000_000L));

    public static Trace Trace(params Span[] spans) => Aspire.Dashboard.Telemetry.Trace.Of(spans);
}
