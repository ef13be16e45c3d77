using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Latency.Traces;

/// <summary>One line of the Collector's file exporter, as far as the experiment reads it; unknown keys are passed over.</summary>
/// <remarks>Source: OTLP/JSON, which writes 64-bit numbers as strings, ids as hex and enums as numbers; readers take the other forms too.</remarks>
internal sealed record OtlpLine(ResourceSpans[]? ResourceSpans, ResourceMetrics[]? ResourceMetrics);

internal sealed record ResourceSpans(OtlpResource? Resource, ScopeSpans[]? ScopeSpans);

internal sealed record OtlpResource(KeyValue[]? Attributes);

internal sealed record ScopeSpans(OtlpSpan[]? Spans);

internal sealed record OtlpSpan(
    string? TraceId, string? SpanId, string? ParentSpanId, string? Name, [property: JsonConverter(typeof(SpanKindConverter))] SpanKind Kind,
    long StartTimeUnixNano, long EndTimeUnixNano, KeyValue[]? Attributes, Link[]? Links);

internal sealed record Link(string? SpanId);

internal sealed record KeyValue(string? Key, AnyValue? Value);

/// <summary>Only scalars: no attribute that the experiment asks for is anything else.</summary>
internal sealed record AnyValue(string? StringValue, long? IntValue, double? DoubleValue);

internal sealed record ResourceMetrics(OtlpResource? Resource, ScopeMetrics[]? ScopeMetrics);

internal sealed record ScopeMetrics(Metric[]? Metrics);

internal sealed record Metric(string? Name, Sum? Sum);

internal sealed record Sum(NumberDataPoint[]? DataPoints);

internal sealed record NumberDataPoint(KeyValue[]? Attributes, long? AsInt, double? AsDouble);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(OtlpLine))]
internal sealed partial class OtlpJson : JsonSerializerContext;

/// <summary>Reads a kind by number, as the Collector writes it, or by its name in the protocol, as some backends do.</summary>
internal sealed class SpanKindConverter : JsonConverter<SpanKind>
{
    private const string Prefix = "SPAN_KIND_";

    public override SpanKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return (SpanKind)reader.GetInt32();
        }

        var text = reader.GetString() ?? "";
        if (text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            text = text[Prefix.Length..];
        }

        return Enum.TryParse<SpanKind>(text, ignoreCase: true, out var kind) ? kind : throw new JsonException($"'{text}' is not a kind of span.");
    }

    public override void Write(Utf8JsonWriter writer, SpanKind value, JsonSerializerOptions options) =>
        writer.WriteStringValue(((int)value).ToString(CultureInfo.InvariantCulture));
}
