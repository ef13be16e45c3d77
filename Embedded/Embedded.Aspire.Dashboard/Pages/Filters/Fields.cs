using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Pages.Filters;

/// <summary>The fields that filters can name: those that every span or log record has, and all attributes by their own names.</summary>
internal static class Fields
{
    private static readonly Dictionary<string, Func<Span, string?>> OfSpans = new()
    {
        ["name"] = span => span.Name,
        ["kind"] = span => span.Kind.ToString(),
        ["status"] = span => span.Status.ToString(),
        ["status.message"] = span => span.StatusMessage,
        ["duration"] = span => Text(span.Duration.TotalMilliseconds),
        ["resource"] = span => span.Resource.DisplayName,
        ["scope"] = span => span.Scope.Name,
        ["trace.id"] = span => span.TraceId.ToString(),
        ["span.id"] = span => span.SpanId.ToString(),
    };

    private static readonly Dictionary<string, Func<LogRecord, string?>> OfLogs = new()
    {
        ["message"] = log => log.Message,
        ["level"] = log => LogLevels.Name(log.SeverityNumber),
        ["severity"] = log => Text(log.SeverityNumber),
        ["category"] = log => log.Scope.Name,
        ["event"] = log => log.EventName,
        ["resource"] = log => log.Resource.DisplayName,
        ["trace.id"] = log => log.TraceId.IsEmpty ? null : log.TraceId.ToString(),
        ["span.id"] = log => log.SpanId.IsEmpty ? null : log.SpanId.ToString(),
    };

    public static IEnumerable<string> SpanFields => OfSpans.Keys;

    public static IEnumerable<string> LogFields => OfLogs.Keys;

    public static string? Read(Span span, string field) => OfSpans.TryGetValue(field, out var read) ? read(span) : Read(span.Attributes, span.Resource, field);

    public static string? Read(LogRecord log, string field) => OfLogs.TryGetValue(field, out var read) ? read(log) : Read(log.Attributes, log.Resource, field);

    /// <summary>An attribute of the record itself, else of the resource that sent it.</summary>
    private static string? Read(Attributes attributes, TelemetryResource resource, string field) => Read(attributes[field]) ?? Read(resource.Attributes[field]);

    private static string? Read(AttributeValue value) => value.Kind == AttributeKind.Empty ? null : value.ToString();

    private static string Text(double number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
