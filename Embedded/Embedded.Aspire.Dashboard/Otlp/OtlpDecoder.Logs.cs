using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Otlp;

internal sealed partial class OtlpDecoder
{
    public List<LogRecord> ReadLogs(ReadOnlySpan<byte> request)
    {
        var records = new List<LogRecord>();
        var reader = new ProtobufReader(request);
        while (reader.Next())
        {
            if (reader.Field == 1) ReadResource(reader.ReadBytes(), ReadRecords);
            else reader.Skip();
        }
        return records;

        void ReadRecords(ReadOnlySpan<byte> message, TelemetryResource resource, InstrumentationScope scope)
        {
            var ofScope = new ProtobufReader(message);
            while (ofScope.Next())
            {
                if (ofScope.Field == 2) records.Add(ReadLogRecord(ofScope.ReadBytes(), resource, scope));
                else ofScope.Skip();
            }
        }
    }

    private LogRecord ReadLogRecord(ReadOnlySpan<byte> message, TelemetryResource resource, InstrumentationScope scope)
    {
        Spend(ItemCost);
        var (time, observed, severity, severityText, eventName) = (0ul, 0ul, 0, "", "");
        var (body, traceId, spanId) = (AttributeValue.Empty, default(TraceId), default(SpanId));
        var (flags, dropped) = (0u, 0u);
        var gathered = _gathered.Count;

        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: time = reader.ReadFixed64(); break;
                case 2: severity = (int)reader.ReadVarint(); break;
                case 3: severityText = String(ref reader); break;
                case 5: body = ReadValue(reader.ReadBytes(), 0); break;
                case 6: Gather(reader.ReadBytes(), gathered, ref dropped, 0); break;
                case 7: dropped += reader.ReadUInt32(); break;
                case 8: flags = reader.ReadFixed32(); break;
                case 9: traceId = ReadTraceId(ref reader); break;
                case 10: spanId = ReadSpanId(ref reader); break;
                case 11: observed = reader.ReadFixed64(); break;
                case 12: eventName = String(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        return new LogRecord
        {
            TimeUnixNano = time,
            ObservedTimeUnixNano = observed,
            SeverityNumber = severity,
            SeverityText = severityText,
            Body = body,
            Attributes = TakeGathered(gathered),
            DroppedAttributesCount = dropped,
            Flags = flags,
            TraceId = traceId,
            SpanId = spanId,
            EventName = eventName,
            Resource = resource,
            Scope = scope,
        };
    }
}
