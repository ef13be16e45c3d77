using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Otlp;

internal sealed partial class OtlpDecoder
{
    private delegate ReceivedPoint PointReader(ReadOnlySpan<byte> message);

    public List<ReceivedMetric> ReadMetrics(ReadOnlySpan<byte> request)
    {
        var metrics = new List<ReceivedMetric>();
        var reader = new ProtobufReader(request);
        while (reader.Next())
        {
            if (reader.Field == 1) ReadResource(reader.ReadBytes(), ReadOfScope);
            else reader.Skip();
        }
        return metrics;

        void ReadOfScope(ReadOnlySpan<byte> message, TelemetryResource resource, InstrumentationScope scope)
        {
            var ofScope = new ProtobufReader(message);
            while (ofScope.Next())
            {
                if (ofScope.Field != 2) ofScope.Skip();
                else if (ReadMetric(ofScope.ReadBytes(), resource, scope) is { } metric) metrics.Add(metric);
                else RejectedCount++;
            }
        }
    }

    /// <summary>Null for a kind that is not known.</summary>
    private ReceivedMetric? ReadMetric(ReadOnlySpan<byte> message, TelemetryResource resource, InstrumentationScope scope)
    {
        Spend(ItemCost);
        var (name, description, unit, kind) = ("", "", "", InstrumentKind.Unknown);
        var (temporality, isMonotonic) = (Temporality.Unspecified, false);
        var points = new List<ReceivedPoint>();

        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: name = String(ref reader); break;
                case 2: description = String(ref reader); break;
                case 3: unit = String(ref reader); break;
                case 5 or 7 or 9 or 10 or 11:
                    if (kind != (InstrumentKind)reader.Field) points.Clear();              // of a oneof the last one counts
                    kind = (InstrumentKind)reader.Field;
                    ReadData(reader.ReadBytes(), ReaderOf(kind), points, ref temporality, ref isMonotonic);
                    break;
                default: reader.Skip(); break;
            }
        }
        return kind == InstrumentKind.Unknown ? null : new(new(resource, scope, name, unit, description, kind, temporality, isMonotonic), points);
    }

    private PointReader ReaderOf(InstrumentKind kind) => kind switch
    {
        InstrumentKind.Histogram => ReadHistogramPoint,
        InstrumentKind.ExponentialHistogram => ReadExponentialPoint,
        InstrumentKind.Summary => ReadSummaryPoint,
        _ => ReadNumberPoint,
    };

    private static void ReadData(ReadOnlySpan<byte> message, PointReader readPoint, List<ReceivedPoint> points, ref Temporality temporality, ref bool isMonotonic)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: points.Add(readPoint(reader.ReadBytes())); break;
                case 2: temporality = (Temporality)(int)reader.ReadVarint(); break;
                case 3: isMonotonic = reader.ReadBool(); break;
                default: reader.Skip(); break;
            }
        }
    }

    private ReceivedPoint ReadNumberPoint(ReadOnlySpan<byte> message)
    {
        Spend(ItemCost);
        var (start, time, flags, dropped) = (0ul, 0ul, 0u, 0u);
        var (value, isInteger, integer) = (0.0, false, 0L);
        List<Exemplar>? exemplars = null;
        var gathered = _gathered.Count;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: start = reader.ReadFixed64(); break;
                case 3: time = reader.ReadFixed64(); break;
                case 4: (value, isInteger, integer) = (reader.ReadDouble(), false, 0); break;
                case 5: (exemplars ??= []).Add(ReadExemplar(reader.ReadBytes())); break;
                case 6: (integer, isInteger) = ((long)reader.ReadFixed64(), true); value = integer; break;
                case 7: Gather(reader.ReadBytes(), gathered, ref dropped, 0); break;
                case 8: flags = reader.ReadUInt32(); break;
                default: reader.Skip(); break;
            }
        }
        return new(TakeGathered(gathered), new NumberPoint(start, time, flags, exemplars?.ToArray() ?? [], value, isInteger, integer));
    }

    private ReceivedPoint ReadHistogramPoint(ReadOnlySpan<byte> message)
    {
        Spend(ItemCost);
        var (start, time, flags, dropped, count) = (0ul, 0ul, 0u, 0u, 0ul);
        double? sum = null, min = null, max = null;
        List<Exemplar>? exemplars = null;
        var bounds = new List<ulong>();
        var gathered = _gathered.Count;
        _numbers.Clear();
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: start = reader.ReadFixed64(); break;
                case 3: time = reader.ReadFixed64(); break;
                case 4: count = reader.ReadFixed64(); break;
                case 5: sum = reader.ReadDouble(); break;
                case 6: reader.ReadRepeated(WireType.Fixed64, _numbers); break;
                case 7: reader.ReadRepeated(WireType.Fixed64, bounds); break;
                case 8: (exemplars ??= []).Add(ReadExemplar(reader.ReadBytes())); break;
                case 9: Gather(reader.ReadBytes(), gathered, ref dropped, 0); break;
                case 10: flags = reader.ReadUInt32(); break;
                case 11: min = reader.ReadDouble(); break;
                case 12: max = reader.ReadDouble(); break;
                default: reader.Skip(); break;
            }
        }
        return new(TakeGathered(gathered), new HistogramPoint(
            start, time, flags, exemplars?.ToArray() ?? [], count, sum, min, max,
            [.. bounds.Select(BitConverter.UInt64BitsToDouble)], [.. _numbers]));
    }

    private ReceivedPoint ReadExponentialPoint(ReadOnlySpan<byte> message)
    {
        Spend(ItemCost);
        var (start, time, flags, dropped, count) = (0ul, 0ul, 0u, 0u, 0ul);
        var (scale, zeroCount, zeroThreshold) = (0, 0ul, 0.0);
        var (positive, negative) = (ExponentialBuckets.None, ExponentialBuckets.None);
        double? sum = null, min = null, max = null;
        List<Exemplar>? exemplars = null;
        var gathered = _gathered.Count;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: Gather(reader.ReadBytes(), gathered, ref dropped, 0); break;
                case 2: start = reader.ReadFixed64(); break;
                case 3: time = reader.ReadFixed64(); break;
                case 4: count = reader.ReadFixed64(); break;
                case 5: sum = reader.ReadDouble(); break;
                case 6: scale = reader.ReadSInt32(); break;
                case 7: zeroCount = reader.ReadFixed64(); break;
                case 8: positive = ReadBuckets(reader.ReadBytes(), positive); break;
                case 9: negative = ReadBuckets(reader.ReadBytes(), negative); break;
                case 10: flags = reader.ReadUInt32(); break;
                case 11: (exemplars ??= []).Add(ReadExemplar(reader.ReadBytes())); break;
                case 12: min = reader.ReadDouble(); break;
                case 13: max = reader.ReadDouble(); break;
                case 14: zeroThreshold = reader.ReadDouble(); break;
                default: reader.Skip(); break;
            }
        }
        return new(TakeGathered(gathered), new ExponentialHistogramPoint(
            start, time, flags, exemplars?.ToArray() ?? [], count, sum, min, max, scale, zeroCount, zeroThreshold, positive, negative));
    }

    private ExponentialBuckets ReadBuckets(ReadOnlySpan<byte> message, ExponentialBuckets before)
    {
        var offset = before.Offset;
        _numbers.Clear();
        _numbers.AddRange(before.BucketCounts);
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: offset = reader.ReadSInt32(); break;
                case 2: reader.ReadRepeated(WireType.Varint, _numbers); break;
                default: reader.Skip(); break;
            }
        }
        return new(offset, [.. _numbers]);
    }

    private ReceivedPoint ReadSummaryPoint(ReadOnlySpan<byte> message)
    {
        Spend(ItemCost);
        var (start, time, flags, dropped, count, sum) = (0ul, 0ul, 0u, 0u, 0ul, 0.0);
        var quantiles = new List<QuantileValue>();
        var gathered = _gathered.Count;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: start = reader.ReadFixed64(); break;
                case 3: time = reader.ReadFixed64(); break;
                case 4: count = reader.ReadFixed64(); break;
                case 5: sum = reader.ReadDouble(); break;
                case 6: quantiles.Add(ReadQuantile(reader.ReadBytes())); break;
                case 7: Gather(reader.ReadBytes(), gathered, ref dropped, 0); break;
                case 8: flags = reader.ReadUInt32(); break;
                default: reader.Skip(); break;
            }
        }
        return new(TakeGathered(gathered), new SummaryPoint(start, time, flags, count, sum, [.. quantiles]));
    }

    private QuantileValue ReadQuantile(ReadOnlySpan<byte> message)
    {
        Spend(1);
        var (quantile, value) = (0.0, 0.0);
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: quantile = reader.ReadDouble(); break;
                case 2: value = reader.ReadDouble(); break;
                default: reader.Skip(); break;
            }
        }
        return new(quantile, value);
    }

    private Exemplar ReadExemplar(ReadOnlySpan<byte> message)
    {
        Spend(1);
        var (time, value, isInteger, integer, dropped) = (0ul, 0.0, false, 0L, 0u);
        var (traceId, spanId) = (default(TraceId), default(SpanId));
        var gathered = _gathered.Count;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: time = reader.ReadFixed64(); break;
                case 3: (value, isInteger, integer) = (reader.ReadDouble(), false, 0); break;
                case 4: spanId = ReadSpanId(ref reader); break;
                case 5: traceId = ReadTraceId(ref reader); break;
                case 6: (integer, isInteger) = ((long)reader.ReadFixed64(), true); value = integer; break;
                case 7: Gather(reader.ReadBytes(), gathered, ref dropped, 0); break;
                default: reader.Skip(); break;
            }
        }
        return new(time, value, isInteger, integer, traceId, spanId, TakeGathered(gathered));
    }
}
