using System.Text;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>How a field is written in protobuf and in JSON.</summary>
internal enum FieldType
{
    Bool, Double, String, Message,
    Base64, Hex,                             // bytes; ids are hexadecimal in JSON
    UInt32, SInt32, Fixed32, Enum,           // a JSON number
    Int64, UInt64, Fixed64, SFixed64,        // a JSON string: not every reader's numbers have 64 bits
}

/// <summary>When JSON has a field.</summary>
internal enum Presence
{
    NotDefault,     // left out when zero or empty
    AsSent,         // of a oneof, or optional: what was sent is written, zero too
    Always,
}

/// <param name="Names">The names of an enum's numbers, which some senders write in their place.</param>
internal sealed record Field(int Number, string Name, FieldType Type, Presence Presence, bool IsRepeated, Func<MessageType>? Of, string[]? Names)
{
    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(Name);

    public MessageType Message => field ??= Of!();
}

/// <summary>A message's fields in the order in which JSON has them.</summary>
internal sealed class MessageType(params Field[] fields)
{
    private readonly Field?[] _byNumber = Index(fields);

    public Field[] Fields { get; } = fields;

    /// <summary>The field with that number; null where it is not known.</summary>
    public Field? Find(int number) => number < _byNumber.Length ? _byNumber[number] : null;

    private static Field?[] Index(Field[] fields)
    {
        var index = new Field?[fields.Max(field => field.Number) + 1];
        foreach (var field in fields) index[field.Number] = field;
        return index;
    }
}

/// <summary>
/// OTLP's messages: the fields that a request may have, their numbers, their names in JSON and their types. Protobuf and JSON
/// are turned into each other by this table (<see cref="JsonToProtobuf"/>, <see cref="ProtobufToJson"/>).
/// </summary>
/// <remarks>Source: opentelemetry-proto 1.x, trace, metrics, logs, resource and common; fields for profiles are left out.</remarks>
internal static class OtlpSchema
{
    private static readonly string[] SpanKinds = Named("SPAN_KIND_", "UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER");
    private static readonly string[] StatusCodes = Named("STATUS_CODE_", "UNSET", "OK", "ERROR");
    private static readonly string[] Temporalities = Named("AGGREGATION_TEMPORALITY_", "UNSPECIFIED", "DELTA", "CUMULATIVE");
    private static readonly string[] Severities =
    [
        "SEVERITY_NUMBER_UNSPECIFIED",
        .. from level in new[] { "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL" }
           from step in new[] { "", "2", "3", "4" }
           select $"SEVERITY_NUMBER_{level}{step}",
    ];

    // What all signals share.
    public static readonly MessageType AnyValue = new(
        OneOf(1, "stringValue", FieldType.String), OneOf(2, "boolValue", FieldType.Bool), OneOf(3, "intValue", FieldType.Int64),
        OneOf(4, "doubleValue", FieldType.Double), OneOf(5, "arrayValue", () => ArrayValue!), OneOf(6, "kvlistValue", () => KeyValueList!),
        OneOf(7, "bytesValue", FieldType.Base64));
    public static readonly MessageType ArrayValue = new(Many(1, "values", () => AnyValue));
    public static readonly MessageType KeyValueList = new(Many(1, "values", () => KeyValue!));
    public static readonly MessageType KeyValue = new(One(1, "key", FieldType.String), new(2, "value", FieldType.Message, Presence.Always, false, () => AnyValue, null));
    public static readonly MessageType EntityRef = new(
        One(1, "schemaUrl", FieldType.String), One(2, "type", FieldType.String), Many(3, "idKeys", FieldType.String), Many(4, "descriptionKeys", FieldType.String));
    public static readonly MessageType Resource = new(
        Many(1, "attributes", () => KeyValue), One(2, "droppedAttributesCount", FieldType.UInt32), Many(3, "entityRefs", () => EntityRef));
    public static readonly MessageType Scope = new(
        One(1, "name", FieldType.String), One(2, "version", FieldType.String), Many(3, "attributes", () => KeyValue), One(4, "droppedAttributesCount", FieldType.UInt32));

    public static readonly MessageType Event = new(
        One(1, "timeUnixNano", FieldType.Fixed64), One(2, "name", FieldType.String), Many(3, "attributes", () => KeyValue),
        One(4, "droppedAttributesCount", FieldType.UInt32));
    public static readonly MessageType Link = new(
        One(1, "traceId", FieldType.Hex), One(2, "spanId", FieldType.Hex), One(3, "traceState", FieldType.String), Many(4, "attributes", () => KeyValue),
        One(5, "droppedAttributesCount", FieldType.UInt32), One(6, "flags", FieldType.Fixed32));
    public static readonly MessageType Status = new(One(2, "message", FieldType.String), Choice(3, "code", StatusCodes));
    public static readonly MessageType Span = new(
        One(1, "traceId", FieldType.Hex), One(2, "spanId", FieldType.Hex), One(3, "traceState", FieldType.String), One(4, "parentSpanId", FieldType.Hex),
        One(16, "flags", FieldType.Fixed32), One(5, "name", FieldType.String), Choice(6, "kind", SpanKinds),
        One(7, "startTimeUnixNano", FieldType.Fixed64), One(8, "endTimeUnixNano", FieldType.Fixed64),
        Many(9, "attributes", () => KeyValue), One(10, "droppedAttributesCount", FieldType.UInt32),
        Many(11, "events", () => Event), One(12, "droppedEventsCount", FieldType.UInt32),
        Many(13, "links", () => Link), One(14, "droppedLinksCount", FieldType.UInt32), Always(15, "status", () => Status));
    public static readonly MessageType ScopeSpans = new(Always(1, "scope", () => Scope), Many(2, "spans", () => Span), One(3, "schemaUrl", FieldType.String));
    public static readonly MessageType ResourceSpans = new(Always(1, "resource", () => Resource), Many(2, "scopeSpans", () => ScopeSpans), One(3, "schemaUrl", FieldType.String));
    public static readonly MessageType TraceRequest = new(Many(1, "resourceSpans", () => ResourceSpans));

    public static readonly MessageType LogRecord = new(
        One(1, "timeUnixNano", FieldType.Fixed64), One(11, "observedTimeUnixNano", FieldType.Fixed64), Choice(2, "severityNumber", Severities),
        One(3, "severityText", FieldType.String), new(5, "body", FieldType.Message, Presence.Always, false, () => AnyValue, null),
        Many(6, "attributes", () => KeyValue), One(7, "droppedAttributesCount", FieldType.UInt32), One(8, "flags", FieldType.Fixed32),
        One(9, "traceId", FieldType.Hex), One(10, "spanId", FieldType.Hex), One(12, "eventName", FieldType.String));
    public static readonly MessageType ScopeLogs = new(Always(1, "scope", () => Scope), Many(2, "logRecords", () => LogRecord), One(3, "schemaUrl", FieldType.String));
    public static readonly MessageType ResourceLogs = new(Always(1, "resource", () => Resource), Many(2, "scopeLogs", () => ScopeLogs), One(3, "schemaUrl", FieldType.String));
    public static readonly MessageType LogRequest = new(Many(1, "resourceLogs", () => ResourceLogs));

    public static readonly MessageType Exemplar = new(
        Many(7, "filteredAttributes", () => KeyValue), One(2, "timeUnixNano", FieldType.Fixed64), OneOf(3, "asDouble", FieldType.Double),
        OneOf(6, "asInt", FieldType.SFixed64), One(4, "spanId", FieldType.Hex), One(5, "traceId", FieldType.Hex));
    public static readonly MessageType NumberPoint = new(
        Many(7, "attributes", () => KeyValue), One(2, "startTimeUnixNano", FieldType.Fixed64), One(3, "timeUnixNano", FieldType.Fixed64),
        OneOf(4, "asDouble", FieldType.Double), OneOf(6, "asInt", FieldType.SFixed64), Many(5, "exemplars", () => Exemplar), One(8, "flags", FieldType.UInt32));
    public static readonly MessageType HistogramPoint = new(
        Many(9, "attributes", () => KeyValue), One(2, "startTimeUnixNano", FieldType.Fixed64), One(3, "timeUnixNano", FieldType.Fixed64),
        One(4, "count", FieldType.Fixed64), OneOf(5, "sum", FieldType.Double), Many(6, "bucketCounts", FieldType.Fixed64),
        Many(7, "explicitBounds", FieldType.Double), Many(8, "exemplars", () => Exemplar), One(10, "flags", FieldType.UInt32),
        OneOf(11, "min", FieldType.Double), OneOf(12, "max", FieldType.Double));
    public static readonly MessageType Buckets = new(One(1, "offset", FieldType.SInt32), Many(2, "bucketCounts", FieldType.UInt64));
    public static readonly MessageType ExponentialHistogramPoint = new(
        Many(1, "attributes", () => KeyValue), One(2, "startTimeUnixNano", FieldType.Fixed64), One(3, "timeUnixNano", FieldType.Fixed64),
        One(4, "count", FieldType.Fixed64), OneOf(5, "sum", FieldType.Double), One(6, "scale", FieldType.SInt32), One(7, "zeroCount", FieldType.Fixed64),
        OneOf(8, "positive", () => Buckets), OneOf(9, "negative", () => Buckets), One(10, "flags", FieldType.UInt32), Many(11, "exemplars", () => Exemplar),
        OneOf(12, "min", FieldType.Double), OneOf(13, "max", FieldType.Double), One(14, "zeroThreshold", FieldType.Double));
    public static readonly MessageType QuantileValue = new(One(1, "quantile", FieldType.Double), One(2, "value", FieldType.Double));
    public static readonly MessageType SummaryPoint = new(
        Many(7, "attributes", () => KeyValue), One(2, "startTimeUnixNano", FieldType.Fixed64), One(3, "timeUnixNano", FieldType.Fixed64),
        One(4, "count", FieldType.Fixed64), One(5, "sum", FieldType.Double), Many(6, "quantileValues", () => QuantileValue), One(8, "flags", FieldType.UInt32));
    public static readonly MessageType Gauge = new(Many(1, "dataPoints", () => NumberPoint));
    public static readonly MessageType Sum = new(
        Many(1, "dataPoints", () => NumberPoint), Choice(2, "aggregationTemporality", Temporalities), One(3, "isMonotonic", FieldType.Bool));
    public static readonly MessageType Histogram = new(Many(1, "dataPoints", () => HistogramPoint), Choice(2, "aggregationTemporality", Temporalities));
    public static readonly MessageType ExponentialHistogram = new(
        Many(1, "dataPoints", () => ExponentialHistogramPoint), Choice(2, "aggregationTemporality", Temporalities));
    public static readonly MessageType Summary = new(Many(1, "dataPoints", () => SummaryPoint));
    public static readonly MessageType Metric = new(
        One(1, "name", FieldType.String), One(2, "description", FieldType.String), One(3, "unit", FieldType.String), OneOf(5, "gauge", () => Gauge),
        OneOf(7, "sum", () => Sum), OneOf(9, "histogram", () => Histogram), OneOf(10, "exponentialHistogram", () => ExponentialHistogram),
        OneOf(11, "summary", () => Summary), Many(12, "metadata", () => KeyValue));
    public static readonly MessageType ScopeMetrics = new(Always(1, "scope", () => Scope), Many(2, "metrics", () => Metric), One(3, "schemaUrl", FieldType.String));
    public static readonly MessageType ResourceMetrics = new(
        Always(1, "resource", () => Resource), Many(2, "scopeMetrics", () => ScopeMetrics), One(3, "schemaUrl", FieldType.String));
    public static readonly MessageType MetricRequest = new(Many(1, "resourceMetrics", () => ResourceMetrics));

    // What a receiver answers: a message for each signal, alike but for one name; and an error.
    public static readonly MessageType TraceResponse = Response("rejectedSpans");
    public static readonly MessageType MetricResponse = Response("rejectedDataPoints");
    public static readonly MessageType LogResponse = Response("rejectedLogRecords");
    public static readonly MessageType RpcStatus = new(One(1, "code", FieldType.UInt32), One(2, "message", FieldType.String));

    private static MessageType Response(string rejected) =>
        new(One(1, "partialSuccess", () => new(One(1, rejected, FieldType.Int64), One(2, "errorMessage", FieldType.String))));

    private static Field One(int number, string name, FieldType type) => new(number, name, type, Presence.NotDefault, false, null, null);

    private static Field One(int number, string name, Func<MessageType> of) => new(number, name, FieldType.Message, Presence.NotDefault, false, of, null);

    private static Field Choice(int number, string name, string[] names) => new(number, name, FieldType.Enum, Presence.NotDefault, false, null, names);

    private static Field OneOf(int number, string name, FieldType type) => new(number, name, type, Presence.AsSent, false, null, null);

    private static Field OneOf(int number, string name, Func<MessageType> of) => new(number, name, FieldType.Message, Presence.AsSent, false, of, null);

    private static Field Always(int number, string name, Func<MessageType> of) => new(number, name, FieldType.Message, Presence.Always, false, of, null);

    private static Field Many(int number, string name, FieldType type) => new(number, name, type, Presence.NotDefault, true, null, null);

    private static Field Many(int number, string name, Func<MessageType> of) => new(number, name, FieldType.Message, Presence.NotDefault, true, of, null);

    private static string[] Named(string prefix, params string[] names) => [.. names.Select(name => prefix + name)];
}
