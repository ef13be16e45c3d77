using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>Writes what the store holds as OTLP again: requests with one resource and scope after the other.</summary>
internal static class OtlpEncoder
{
    public static void WriteTraces(IEnumerable<Span> spans, PooledBytes output) =>
        WriteResources(spans, span => span.Resource, span => span.Scope, WriteSpan, new ProtobufWriter(output));

    public static void WriteLogs(IEnumerable<LogRecord> records, PooledBytes output) =>
        WriteResources(records, record => record.Resource, record => record.Scope, WriteLogRecord, new ProtobufWriter(output));

    public static void WriteMetrics(IEnumerable<ReceivedMetric> metrics, PooledBytes output) =>
        WriteResources(metrics, metric => metric.Instrument.Resource, metric => metric.Instrument.Scope, WriteMetric, new ProtobufWriter(output));

    private static void WriteResources<T>(
        IEnumerable<T> items, Func<T, TelemetryResource> resourceOf, Func<T, InstrumentationScope> scopeOf, Action<T, ProtobufWriter> write, ProtobufWriter output)
    {
        foreach (var ofResource in items.GroupBy(resourceOf))
        {
            var start = output.Begin(1);
            var resource = output.Begin(1);
            WriteAttributes(1, ofResource.Key.Attributes, output);
            WriteCount(2, ofResource.Key.DroppedAttributesCount, output);
            output.End(resource);
            foreach (var ofScope in ofResource.GroupBy(scopeOf))
            {
                var scopeItems = output.Begin(2);
                var scope = output.Begin(1);
                WriteText(1, ofScope.Key.Name, output);
                WriteText(2, ofScope.Key.Version, output);
                WriteAttributes(3, ofScope.Key.Attributes, output);
                WriteCount(4, ofScope.Key.DroppedAttributesCount, output);
                output.End(scope);
                foreach (var item in ofScope)
                {
                    var place = output.Begin(2);
                    write(item, output);
                    output.End(place);
                }
                output.End(scopeItems);
            }
            output.End(start);
        }
    }

    private static void WriteSpan(Span span, ProtobufWriter output)
    {
        WriteId(1, span.TraceId, output);
        WriteId(2, span.SpanId, output);
        WriteText(3, span.TraceState, output);
        WriteId(4, span.ParentSpanId, output);
        WriteText(5, span.Name, output);
        output.Varint(6, (ulong)span.Kind);
        output.Fixed64(7, span.StartUnixNano);
        output.Fixed64(8, span.EndUnixNano);
        WriteAttributes(9, span.Attributes, output);
        WriteCount(10, span.DroppedAttributesCount, output);
        foreach (var moment in span.Events)
        {
            var place = output.Begin(11);
            output.Fixed64(1, moment.TimeUnixNano);
            WriteText(2, moment.Name, output);
            WriteAttributes(3, moment.Attributes, output);
            WriteCount(4, moment.DroppedAttributesCount, output);
            output.End(place);
        }
        WriteCount(12, span.DroppedEventsCount, output);
        foreach (var link in span.Links)
        {
            var place = output.Begin(13);
            WriteId(1, link.TraceId, output);
            WriteId(2, link.SpanId, output);
            WriteText(3, link.TraceState, output);
            WriteAttributes(4, link.Attributes, output);
            WriteCount(5, link.DroppedAttributesCount, output);
            output.Fixed32(6, link.Flags);
            output.End(place);
        }
        WriteCount(14, span.DroppedLinksCount, output);
        var status = output.Begin(15);
        WriteText(2, span.StatusMessage, output);
        output.Varint(3, (ulong)span.Status);
        output.End(status);
        output.Fixed32(16, span.Flags);
    }

    private static void WriteLogRecord(LogRecord record, ProtobufWriter output)
    {
        output.Fixed64(1, record.TimeUnixNano);
        output.Varint(2, (ulong)record.SeverityNumber);
        WriteText(3, record.SeverityText, output);
        WriteValue(5, record.Body, output);
        WriteAttributes(6, record.Attributes, output);
        WriteCount(7, record.DroppedAttributesCount, output);
        output.Fixed32(8, record.Flags);
        WriteId(9, record.TraceId, output);
        WriteId(10, record.SpanId, output);
        output.Fixed64(11, record.ObservedTimeUnixNano);
        WriteText(12, record.EventName, output);
    }

    private static void WriteMetric(ReceivedMetric metric, ProtobufWriter output)
    {
        var instrument = metric.Instrument;
        WriteText(1, instrument.Name, output);
        WriteText(2, instrument.Description, output);
        WriteText(3, instrument.Unit, output);
        var data = output.Begin((int)instrument.Kind);
        foreach (var (attributes, point) in metric.Points)
        {
            var place = output.Begin(1);
            WritePoint(attributes, point, output);
            output.End(place);
        }
        if (instrument.Temporality != Temporality.Unspecified) output.Varint(2, (ulong)instrument.Temporality);
        if (instrument.IsMonotonic) output.Varint(3, 1);
        output.End(data);
    }

    private static void WritePoint(Attributes attributes, MetricPoint point, ProtobufWriter output)
    {
        output.Fixed64(2, point.StartTimeUnixNano);
        output.Fixed64(3, point.TimeUnixNano);
        switch (point)
        {
            case NumberPoint number:
                WriteNumber(4, 6, number.Value, number.IsInteger, number.IntegerValue, output);
                WriteExemplars(5, number.Exemplars, output);
                WriteAttributes(7, attributes, output);
                WriteCount(8, number.Flags, output);
                break;
            case HistogramPoint histogram:
                output.Fixed64(4, histogram.Count);
                WriteOptional(5, histogram.Sum, output);
                foreach (var count in histogram.BucketCounts) output.Fixed64(6, count);
                foreach (var bound in histogram.ExplicitBounds) output.Double(7, bound);
                WriteExemplars(8, histogram.Exemplars, output);
                WriteAttributes(9, attributes, output);
                WriteCount(10, histogram.Flags, output);
                WriteOptional(11, histogram.Min, output);
                WriteOptional(12, histogram.Max, output);
                break;
            case ExponentialHistogramPoint histogram:
                WriteAttributes(1, attributes, output);
                output.Fixed64(4, histogram.Count);
                WriteOptional(5, histogram.Sum, output);
                output.SInt32(6, histogram.Scale);
                output.Fixed64(7, histogram.ZeroCount);
                WriteBuckets(8, histogram.Positive, output);
                WriteBuckets(9, histogram.Negative, output);
                WriteCount(10, histogram.Flags, output);
                WriteExemplars(11, histogram.Exemplars, output);
                WriteOptional(12, histogram.Min, output);
                WriteOptional(13, histogram.Max, output);
                output.Double(14, histogram.ZeroThreshold);
                break;
            case SummaryPoint summary:
                output.Fixed64(4, summary.Count);
                output.Double(5, summary.Sum);
                foreach (var (quantile, value) in summary.Quantiles)
                {
                    var place = output.Begin(6);
                    output.Double(1, quantile);
                    output.Double(2, value);
                    output.End(place);
                }
                WriteAttributes(7, attributes, output);
                WriteCount(8, summary.Flags, output);
                break;
        }
    }

    private static void WriteBuckets(int field, ExponentialBuckets buckets, ProtobufWriter output)
    {
        var place = output.Begin(field);
        output.SInt32(1, buckets.Offset);
        foreach (var count in buckets.BucketCounts) output.Varint(2, count);
        output.End(place);
    }

    private static void WriteExemplars(int field, IReadOnlyList<Exemplar> exemplars, ProtobufWriter output)
    {
        foreach (var exemplar in exemplars)
        {
            var place = output.Begin(field);
            output.Fixed64(2, exemplar.TimeUnixNano);
            WriteNumber(3, 6, exemplar.Value, exemplar.IsInteger, exemplar.IntegerValue, output);
            WriteId(4, exemplar.SpanId, output);
            WriteId(5, exemplar.TraceId, output);
            WriteAttributes(7, exemplar.FilteredAttributes, output);
            output.End(place);
        }
    }

    private static void WriteNumber(int doubleField, int integerField, double value, bool isInteger, long integer, ProtobufWriter output)
    {
        if (isInteger) output.Fixed64(integerField, (ulong)integer);
        else output.Double(doubleField, value);
    }

    private static void WriteAttributes(int field, Attributes attributes, ProtobufWriter output)
    {
        foreach (var (key, value) in attributes.AsSpan())
        {
            var place = output.Begin(field);
            output.String(1, key);
            WriteValue(2, value, output);
            output.End(place);
        }
    }

    private static void WriteValue(int field, AttributeValue value, ProtobufWriter output)
    {
        var place = output.Begin(field);
        var kind = (int)value.Kind;
        switch (value.Kind)
        {
            case AttributeKind.String: output.String(kind, value.AsString!); break;
            case AttributeKind.Bool: output.Varint(kind, value.AsBool is true ? 1u : 0); break;
            case AttributeKind.Int: output.Varint(kind, (ulong)value.AsInt!.Value); break;
            case AttributeKind.Double: output.Double(kind, value.AsDouble!.Value); break;
            case AttributeKind.Bytes: output.Bytes(kind, value.AsBytes!.Value.Span); break;
            case AttributeKind.Array:
                var array = output.Begin(kind);
                foreach (var item in value.AsArray!) WriteValue(1, item, output);
                output.End(array);
                break;
            case AttributeKind.List:
                var list = output.Begin(kind);
                WriteAttributes(1, value.AsList!, output);
                output.End(list);
                break;
        }
        output.End(place);
    }

    private static void WriteId(int field, TraceId id, ProtobufWriter output)
    {
        Span<byte> bytes = stackalloc byte[TraceId.ByteCount];
        id.Write(bytes);
        if (!id.IsEmpty) output.Bytes(field, bytes);
    }

    private static void WriteId(int field, SpanId id, ProtobufWriter output)
    {
        Span<byte> bytes = stackalloc byte[SpanId.ByteCount];
        id.Write(bytes);
        if (!id.IsEmpty) output.Bytes(field, bytes);
    }

    private static void WriteText(int field, string text, ProtobufWriter output)
    {
        if (text.Length > 0) output.String(field, text);
    }

    private static void WriteCount(int field, uint count, ProtobufWriter output)
    {
        if (count > 0) output.Varint(field, count);
    }

    private static void WriteOptional(int field, double? value, ProtobufWriter output)
    {
        if (value is { } number) output.Double(field, number);
    }
}
