using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Embedded.Tests.Dashboard.Pages;

/// <summary>OTLP export requests as JSON, with honest defaults: a test names only what matters to it.</summary>
internal static class OtlpJson
{
    /// <summary>Nanoseconds since 1970 of a moment so long ago.</summary>
    public static ulong Ago(TimeSpan time) => (ulong)(DateTimeOffset.UtcNow - time - DateTimeOffset.UnixEpoch).Ticks * 100;

    public static string Hex(int bytes, long number) => number.ToString("x", CultureInfo.InvariantCulture).PadLeft(bytes * 2, '0');

    public static JsonObject Span(
        string trace, string id, string name, ulong start, double milliseconds, string? parent = null, int kind = 1, bool failed = false,
        (string Trace, string Span)[]? links = null, params (string Key, string Value)[] attributes) => new()
        {
            ["traceId"] = trace,
            ["spanId"] = id,
            ["parentSpanId"] = parent,
            ["name"] = name,
            ["kind"] = kind,
            ["startTimeUnixNano"] = Text(start),
            ["endTimeUnixNano"] = Text(start + (ulong)(milliseconds * 1e6)),
            ["attributes"] = Attributes(attributes),
            ["links"] = new JsonArray([.. (links ?? []).Select(link => new JsonObject { ["traceId"] = link.Trace, ["spanId"] = link.Span })]),
            ["status"] = failed ? new JsonObject { ["code"] = 2, ["message"] = "it did not work" } : new JsonObject(),
        };

    public static JsonObject Log(string message, ulong time, int severity = 9, string? trace = null, string? span = null, params (string Key, string Value)[] attributes) => new()
    {
        ["timeUnixNano"] = Text(time),
        ["severityNumber"] = severity,
        ["body"] = new JsonObject { ["stringValue"] = message },
        ["traceId"] = trace,
        ["spanId"] = span,
        ["attributes"] = Attributes(attributes),
    };

    public static string Spans(params (string Service, JsonObject[] Spans)[] services) => Request("resourceSpans", "scopeSpans", "spans", services);

    public static string Logs(string service, params JsonObject[] records) => Request("resourceLogs", "scopeLogs", "logRecords", [(service, records)]);

    public static string Metrics(string service, params JsonObject[] metrics) => Request("resourceMetrics", "scopeMetrics", "metrics", [(service, metrics)]);

    /// <summary>A running total of durations, all in one bucket, with an exemplar of 42 ms.</summary>
    public static JsonObject Histogram(string name, ulong start, ulong time, int count, (string Trace, string Span) exemplar) => new()
    {
        ["name"] = name,
        ["unit"] = "s",
        ["histogram"] = new JsonObject
        {
            ["aggregationTemporality"] = 2,
            ["dataPoints"] = new JsonArray(new JsonObject
            {
                ["startTimeUnixNano"] = Text(start),
                ["timeUnixNano"] = Text(time),
                ["count"] = count.ToString(CultureInfo.InvariantCulture),
                ["sum"] = count * 0.015,
                ["explicitBounds"] = new JsonArray(0.01, 0.02, 0.05),
                ["bucketCounts"] = new JsonArray("0", count.ToString(CultureInfo.InvariantCulture), "0", "0"),
                ["exemplars"] = new JsonArray(new JsonObject { ["timeUnixNano"] = Text(time), ["asDouble"] = 0.042, ["traceId"] = exemplar.Trace, ["spanId"] = exemplar.Span }),
            }),
        },
    };

    public static JsonObject Counter(string name, ulong start, ulong time, params (string Outcome, long Value)[] values) => new()
    {
        ["name"] = name,
        ["unit"] = "{image}",
        ["sum"] = new JsonObject
        {
            ["aggregationTemporality"] = 2,
            ["isMonotonic"] = true,
            ["dataPoints"] = new JsonArray([.. values.Select(value => new JsonObject
            {
                ["startTimeUnixNano"] = Text(start),
                ["timeUnixNano"] = Text(time),
                ["asInt"] = value.Value.ToString(CultureInfo.InvariantCulture),
                ["attributes"] = Attributes([("outcome", value.Outcome)]),
            })]),
        },
    };

    private static string Request(string resources, string scopes, string items, (string Service, JsonObject[] Items)[] services) => new JsonObject
    {
        [resources] = new JsonArray([.. services.Select(service => new JsonObject
        {
            ["resource"] = new JsonObject { ["attributes"] = Attributes([("service.name", service.Service)]) },
            [scopes] = new JsonArray(new JsonObject { ["scope"] = new JsonObject { ["name"] = "Tests" }, [items] = new JsonArray([.. service.Items]) }),
        })]),
    }.ToJsonString(JsonSerializerOptions.Default);

    private static JsonArray Attributes((string Key, string Value)[] attributes) =>
        [.. attributes.Select(attribute => new JsonObject { ["key"] = attribute.Key, ["value"] = new JsonObject { ["stringValue"] = attribute.Value } })];

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
