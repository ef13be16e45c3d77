using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OpenTelemetry.Resources;
using Pipeline.Contracts;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>
/// OTLP in JSON as the Collector writes it: ids in lower-case hex, 64-bit numbers as strings, enums as numbers, what is empty left
/// out. Source: opentelemetry-proto, "JSON Protobuf Encoding".
/// </summary>
internal static class OtlpJson
{
    // The bits of "flags" above those of W3C: it is known whether the parent is of another process; it is.
    private const int HasIsRemote = 0x100, IsRemote = 0x200;

    private const int CumulativeTemporality = 2;

    // Long enough for any 64-bit number.
    private const int MaxDigits = 20;

    /// <summary>An ExportTraceServiceRequest.</summary>
    public static void WriteSpans(Utf8JsonWriter json, Resource resource, IReadOnlyDictionary<ActivitySource, List<Activity>> bySource)
    {
        OpenRequest(json, "resourceSpans"u8, resource, "scopeSpans"u8);
        foreach (var (source, spans) in bySource)
        {
            if (spans.Count == 0)
            {
                continue;
            }

            OpenScope(json, source.Name, source.Version, "spans"u8);
            foreach (var span in spans)
            {
                WriteSpan(json, span);
            }

            CloseScope(json, source.TelemetrySchemaUrl);
        }
        CloseRequest(json);
    }

    /// <summary>An ExportMetricsServiceRequest: so many spans are missing, in the words in which the SDK says so.</summary>
    public static void WriteDropped(Utf8JsonWriter json, Resource resource, long count, DateTimeOffset since, DateTimeOffset now)
    {
        OpenRequest(json, "resourceMetrics"u8, resource, "scopeMetrics"u8);
        OpenScope(json, TelemetryNames.Meter, version: null, "metrics"u8);
        json.WriteStartObject();
        json.WriteString("name"u8, TelemetryNames.ProcessedSpans);
        json.WriteString("unit"u8, "{span}"u8);
        json.WriteStartObject("sum"u8);
        json.WriteStartArray("dataPoints"u8);
        json.WriteStartObject();
        json.WriteStartArray("attributes"u8);
        WriteAttribute(json, TelemetryNames.ComponentName, TelemetryNames.SpanFile);
        WriteAttribute(json, TelemetryNames.ErrorType, "dropped");
        json.WriteEndArray();
        WriteInteger(json, "startTimeUnixNano"u8, UnixNanoseconds.From(since));
        WriteInteger(json, "timeUnixNano"u8, UnixNanoseconds.From(now));
        WriteInteger(json, "asInt"u8, count);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteNumber("aggregationTemporality"u8, CumulativeTemporality);
        json.WriteBoolean("isMonotonic"u8, true);
        json.WriteEndObject();
        json.WriteEndObject();
        CloseScope(json, TelemetryNames.SchemaUrl);
        CloseRequest(json);
    }

    private static void OpenRequest(Utf8JsonWriter json, ReadOnlySpan<byte> resources, Resource resource, ReadOnlySpan<byte> scopes)
    {
        json.WriteStartObject();
        json.WriteStartArray(resources);
        json.WriteStartObject();
        json.WriteStartObject("resource"u8);
        json.WriteStartArray("attributes"u8);
        foreach (var (key, value) in resource.Attributes)
        {
            WriteAttribute(json, key, value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray(scopes);
    }

    private static void CloseRequest(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void OpenScope(Utf8JsonWriter json, string name, string? version, ReadOnlySpan<byte> items)
    {
        json.WriteStartObject();
        json.WriteStartObject("scope"u8);
        json.WriteString("name"u8, name);
        if (!string.IsNullOrEmpty(version))
        {
            json.WriteString("version"u8, version);
        }

        json.WriteEndObject();
        json.WriteStartArray(items);
    }

    private static void CloseScope(Utf8JsonWriter json, string? schemaUrl)
    {
        json.WriteEndArray();
        if (!string.IsNullOrEmpty(schemaUrl))
        {
            json.WriteString("schemaUrl"u8, schemaUrl);
        }

        json.WriteEndObject();
    }

    private static void WriteSpan(Utf8JsonWriter json, Activity span)
    {
        json.WriteStartObject();
        WriteContext(json, span.TraceId, span.SpanId, span.TraceStateString);
        if (span.ParentSpanId is var parent && parent != default)
        {
            json.WriteString("parentSpanId"u8, parent.ToHexString());
        }

        WriteFlags(json, span.ActivityTraceFlags, span.HasRemoteParent);
        json.WriteString("name"u8, span.DisplayName);
        json.WriteNumber("kind"u8, (int)span.Kind + 1);      // OTLP begins with "unspecified"
        WriteTime(json, "startTimeUnixNano"u8, span.StartTimeUtc);
        WriteTime(json, "endTimeUnixNano"u8, span.StartTimeUtc + span.Duration);
        WriteAttributes(json, span.EnumerateTagObjects());
        WriteEvents(json, span);
        WriteLinks(json, span);
        json.WriteStartObject("status"u8);
        if (!string.IsNullOrEmpty(span.StatusDescription))
        {
            json.WriteString("message"u8, span.StatusDescription);
        }

        if (span.Status != ActivityStatusCode.Unset)
        {
            json.WriteNumber("code"u8, (int)span.Status);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteEvents(Utf8JsonWriter json, Activity span)
    {
        var isOpen = false;
        foreach (ref readonly var happened in span.EnumerateEvents())
        {
            OpenArray(json, "events"u8, ref isOpen);
            json.WriteStartObject();
            WriteTime(json, "timeUnixNano"u8, happened.Timestamp.UtcDateTime);
            json.WriteString("name"u8, happened.Name);
            WriteAttributes(json, happened.EnumerateTagObjects());
            json.WriteEndObject();
        }
        if (isOpen)
        {
            json.WriteEndArray();
        }
    }

    private static void WriteLinks(Utf8JsonWriter json, Activity span)
    {
        var isOpen = false;
        foreach (ref readonly var link in span.EnumerateLinks())
        {
            OpenArray(json, "links"u8, ref isOpen);
            json.WriteStartObject();
            WriteContext(json, link.Context.TraceId, link.Context.SpanId, link.Context.TraceState);
            WriteAttributes(json, link.EnumerateTagObjects());
            WriteFlags(json, link.Context.TraceFlags, link.Context.IsRemote);
            json.WriteEndObject();
        }
        if (isOpen)
        {
            json.WriteEndArray();
        }
    }

    private static void WriteContext(Utf8JsonWriter json, ActivityTraceId trace, ActivitySpanId span, string? state)
    {
        json.WriteString("traceId"u8, trace.ToHexString());
        json.WriteString("spanId"u8, span.ToHexString());
        if (!string.IsNullOrEmpty(state))
        {
            json.WriteString("traceState"u8, state);
        }
    }

    private static void WriteFlags(Utf8JsonWriter json, ActivityTraceFlags flags, bool isRemote) =>
        json.WriteNumber("flags"u8, (int)flags | HasIsRemote | (isRemote ? IsRemote : 0));

    private static void WriteAttributes(Utf8JsonWriter json, Activity.Enumerator<KeyValuePair<string, object?>> attributes)
    {
        var isOpen = false;
        foreach (ref readonly var attribute in attributes)
        {
            if (attribute.Value is null)
            {
                continue;
            }

            OpenArray(json, "attributes"u8, ref isOpen);
            WriteAttribute(json, attribute.Key, attribute.Value);
        }
        if (isOpen)
        {
            json.WriteEndArray();
        }
    }

    private static void WriteAttribute(Utf8JsonWriter json, string key, object value)
    {
        json.WriteStartObject();
        json.WriteString("key"u8, key);
        json.WritePropertyName("value"u8);
        WriteValue(json, value);
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object? value)
    {
        json.WriteStartObject();
        switch (value)
        {
            case string text:
                json.WriteString("stringValue"u8, text);
                break;
            case bool flag:
                json.WriteBoolean("boolValue"u8, flag);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                WriteInteger(json, "intValue"u8, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case float or double:
                WriteDouble(json, Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            case Array values:
                WriteArray(json, values);
                break;
            default:
                json.WriteString("stringValue"u8, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, Array values)
    {
        json.WriteStartObject("arrayValue"u8);
        json.WriteStartArray("values"u8);
        foreach (var value in values)
        {
            WriteValue(json, value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteDouble(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber("doubleValue"u8, value);
        }
        else
        {
            json.WriteString("doubleValue"u8, value.ToString(CultureInfo.InvariantCulture));      // NaN, Infinity, -Infinity
        }
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTime time) =>
        WriteInteger(json, name, UnixNanoseconds.From(time));

    private static void WriteInteger(Utf8JsonWriter json, ReadOnlySpan<byte> name, long value)
    {
        Span<byte> digits = stackalloc byte[MaxDigits];
        value.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        json.WriteString(name, digits[..length]);
    }

    private static void OpenArray(Utf8JsonWriter json, ReadOnlySpan<byte> name, ref bool isOpen)
    {
        if (!isOpen)
        {
            json.WriteStartArray(name);
        }

        isOpen = true;
    }
}
