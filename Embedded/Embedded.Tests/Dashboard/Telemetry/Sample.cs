using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Tests.Dashboard.Telemetry;

/// <summary>Telemetry with honest defaults: tests name only what matters to them.</summary>
internal static class Sample
{
    public static readonly InstrumentationScope Scope = new("Pipeline", "1.0", Attributes.None);

    public static TelemetryResource Resource(string serviceName = "inference", string instanceId = "one") =>
        new(Attributes.Of(("service.name", serviceName), ("service.instance.id", instanceId)));

    public static Span Span(
        ulong trace, ulong span, ulong parent = 0, string name = "process image_data", TelemetryResource? resource = null, ulong start = 1_000, ulong end = 2_000,
        SpanStatus status = SpanStatus.Unset, params (ulong Trace, ulong Span)[] links) => new()
        {
            TraceId = new TraceId(0, trace),
            SpanId = new SpanId(span),
            ParentSpanId = new SpanId(parent),
            Name = name,
            StartUnixNano = start,
            EndUnixNano = end,
            Status = status,
            Links = [.. links.Select(link => new SpanLink(new(0, link.Trace), new(link.Span), Attributes.None))],
            Resource = resource ?? Resource(),
            Scope = Scope,
        };

    public static LogRecord Log(string message, int severity = 9, TelemetryResource? resource = null, ulong trace = 0) => new()
    {
        Body = message,
        SeverityNumber = severity,
        TraceId = new TraceId(0, trace),
        Resource = resource ?? Resource(),
        Scope = Scope,
    };

    public static ReceivedMetric Metric(string name, ulong time, double value, string color = "red", TelemetryResource? resource = null) => new(
        new Instrument(resource ?? Resource(), Scope, name, "s", "", InstrumentKind.Gauge),
        [new(Attributes.Of(("color", color)), new NumberPoint(0, time, 0, [], value, false, 0))]);
}
