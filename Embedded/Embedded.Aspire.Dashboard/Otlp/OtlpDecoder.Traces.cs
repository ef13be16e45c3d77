using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Otlp;

internal sealed partial class OtlpDecoder
{
    public List<Span> ReadTraces(ReadOnlySpan<byte> request)
    {
        var spans = new List<Span>();
        var reader = new ProtobufReader(request);
        while (reader.Next())
        {
            if (reader.Field == 1) ReadResource(reader.ReadBytes(), ReadSpans);
            else reader.Skip();
        }
        return spans;

        void ReadSpans(ReadOnlySpan<byte> message, TelemetryResource resource, InstrumentationScope scope)
        {
            var ofScope = new ProtobufReader(message);
            while (ofScope.Next())
            {
                if (ofScope.Field != 2) ofScope.Skip();
                else if (ReadSpan(ofScope.ReadBytes(), resource, scope) is { } span) spans.Add(span);
                else RejectedCount++;
            }
        }
    }

    /// <summary>Null for a span without ids: it can be shown nowhere.</summary>
    private Span? ReadSpan(ReadOnlySpan<byte> message, TelemetryResource resource, InstrumentationScope scope)
    {
        Spend(ItemCost);
        TraceId traceId = default;
        SpanId spanId = default, parentSpanId = default;
        string name = "", traceState = "", statusMessage = "";
        ulong start = 0, end = 0;
        uint droppedAttributes = 0, droppedEvents = 0, droppedLinks = 0, flags = 0;
        var (kind, status) = (SpanKind.Unspecified, SpanStatus.Unset);
        List<SpanEvent>? events = null;
        List<SpanLink>? links = null;
        var gathered = _gathered.Count;

        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: traceId = ReadTraceId(ref reader); break;
                case 2: spanId = ReadSpanId(ref reader); break;
                case 3: traceState = String(ref reader); break;
                case 4: parentSpanId = ReadSpanId(ref reader); break;
                case 5: name = String(ref reader); break;
                case 6: kind = (SpanKind)(int)reader.ReadVarint(); break;
                case 7: start = reader.ReadFixed64(); break;
                case 8: end = reader.ReadFixed64(); break;
                case 9: Gather(reader.ReadBytes(), gathered, ref droppedAttributes, 0); break;
                case 10: droppedAttributes += reader.ReadUInt32(); break;
                case 11 when events?.Count >= store.Limits.MaxSpanEventCount: reader.Skip(); droppedEvents++; break;
                case 11: (events ??= []).Add(ReadEvent(reader.ReadBytes())); break;
                case 12: droppedEvents += reader.ReadUInt32(); break;
                case 13 when links?.Count >= store.Limits.MaxSpanLinkCount: reader.Skip(); droppedLinks++; break;
                case 13: (links ??= []).Add(ReadLink(reader.ReadBytes())); break;
                case 14: droppedLinks += reader.ReadUInt32(); break;
                case 15: ReadStatus(reader.ReadBytes(), ref status, ref statusMessage); break;
                case 16: flags = reader.ReadFixed32(); break;
                default: reader.Skip(); break;
            }
        }

        var attributes = TakeGathered(gathered);
        return traceId.IsEmpty || spanId.IsEmpty ? null : new Span
        {
            TraceId = traceId,
            SpanId = spanId,
            ParentSpanId = parentSpanId,
            Name = name,
            Kind = kind,
            StartUnixNano = start,
            EndUnixNano = end,
            Attributes = attributes,
            Events = events?.ToArray() ?? [],
            Links = links is null ? [] : [.. links],
            Status = status,
            StatusMessage = statusMessage,
            TraceState = traceState,
            Flags = flags,
            DroppedAttributesCount = droppedAttributes,
            DroppedEventsCount = droppedEvents,
            DroppedLinksCount = droppedLinks,
            Resource = resource,
            Scope = scope,
        };
    }

    private SpanEvent ReadEvent(ReadOnlySpan<byte> message)
    {
        Spend(1);
        var (time, name, dropped) = (0ul, "", 0u);
        var gathered = _gathered.Count;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: time = reader.ReadFixed64(); break;
                case 2: name = String(ref reader); break;
                case 3: Gather(reader.ReadBytes(), gathered, ref dropped, 0); break;
                case 4: dropped += reader.ReadUInt32(); break;
                default: reader.Skip(); break;
            }
        }
        return new(time, name, TakeGathered(gathered), dropped);
    }

    private SpanLink ReadLink(ReadOnlySpan<byte> message)
    {
        Spend(1);
        var (traceId, spanId, traceState, flags, dropped) = (default(TraceId), default(SpanId), "", 0u, 0u);
        var gathered = _gathered.Count;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: traceId = ReadTraceId(ref reader); break;
                case 2: spanId = ReadSpanId(ref reader); break;
                case 3: traceState = String(ref reader); break;
                case 4: Gather(reader.ReadBytes(), gathered, ref dropped, 0); break;
                case 5: dropped += reader.ReadUInt32(); break;
                case 6: flags = reader.ReadFixed32(); break;
                default: reader.Skip(); break;
            }
        }
        return new(traceId, spanId, TakeGathered(gathered), traceState, flags, dropped);
    }

    private void ReadStatus(ReadOnlySpan<byte> message, ref SpanStatus status, ref string statusMessage)
    {
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: statusMessage = String(ref reader); break;
                case 3: status = (SpanStatus)(int)reader.ReadVarint(); break;
                default: reader.Skip(); break;
            }
        }
    }
}
