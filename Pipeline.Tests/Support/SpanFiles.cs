using System.Globalization;
using System.Text.Json;

namespace Pipeline.Tests.Support;

/// <summary>The spans that services appended to their files in a folder, as <see cref="OtlpCapture"/> shows what they exported.</summary>
internal static class SpanFiles
{
    public static List<CapturedSpan> Read(string folder) =>
    [
        .. from file in Directory.EnumerateFiles(folder, "*.jsonl")
           from line in WholeLines(file)
           from resource in Items(JsonElement.Parse(line), "resourceSpans")
           let service = Attributes(resource.GetProperty("resource"))["service.name"].Trim('"')
           from scope in Items(resource, "scopeSpans")
           let place = new CapturedSpan(service, Text(scope.GetProperty("scope"), "name"), Text(scope, "schemaUrl"))
           from span in Items(scope, "spans")
           select Read(place, span),
    ];

    /// <summary>What a killed process was writing has no end.</summary>
    public static string[] WholeLines(string file)
    {
        using var text = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return text.ReadToEnd().Split('\n')[..^1];
    }

    private static CapturedSpan Read(CapturedSpan place, JsonElement span) => place with
    {
        TraceId = Text(span, "traceId"),
        SpanId = Text(span, "spanId"),
        ParentId = Text(span, "parentSpanId"),
        Name = Text(span, "name"),
        Kind = OtlpCapture.Kinds[span.GetProperty("kind").GetInt32()],
        Start = ulong.Parse(Text(span, "startTimeUnixNano"), CultureInfo.InvariantCulture),
        End = ulong.Parse(Text(span, "endTimeUnixNano"), CultureInfo.InvariantCulture),
        Status = span.GetProperty("status").TryGetProperty("code", out var code) ? code.GetInt32() : 0,
        Attributes = Attributes(span),
        Links = [.. Items(span, "links").Select(link => (Text(link, "traceId"), Text(link, "spanId")))],
    };

    private static Dictionary<string, string> Attributes(JsonElement place) =>
        Items(place, "attributes")
            .ToDictionary(attribute => Text(attribute, "key"), attribute => attribute.GetProperty("value").EnumerateObject().Single() switch
        {
            { Name: "stringValue", Value: var text } => $"\"{text.GetString()}\"",
            { Name: "intValue", Value: var number } => $"int {number.GetString()}",
            { Name: "doubleValue", Value: var number } => string.Create(CultureInfo.InvariantCulture, $"double {number.GetDouble():R}"),
            var other => other.Name,
        });

    private static JsonElement.ArrayEnumerator Items(JsonElement place, string name) =>
        place.TryGetProperty(name, out var items) ? items.EnumerateArray() : default;

    private static string Text(JsonElement place, string name) => place.TryGetProperty(name, out var text) ? text.GetString()! : "";
}
