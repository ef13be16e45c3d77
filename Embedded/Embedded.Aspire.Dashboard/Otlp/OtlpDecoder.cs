using Embedded.Aspire.Dashboard.Telemetry;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>
/// Reads one request: this file what all signals share, the others a signal each. Fields may come in any order, several times
/// (messages merge, the last number wins) or not at all; unknown ones are skipped.
/// </summary>
/// <exception cref="OtlpException">Every method: the bytes are no such message, or one beyond a limit.</exception>
internal sealed partial class OtlpDecoder(TelemetryStore store, StringPool strings)
{
    /// <summary>Attributes, events, links, values, points: small messages, which take more memory decoded than on the wire.</summary>
    private const int MaxElements = 4_000_000;

    /// <summary>What a span, log record or metric counts for.</summary>
    private const int ItemCost = 8;

    private const int MaxDepth = 32;

    // Attributes are gathered behind those of the message around them, and taken away when their list is complete.
    private readonly List<KeyValuePair<string, AttributeValue>> _gathered = [];
    private readonly List<ulong> _numbers = [];
    private int _elements;

    /// <summary>Spans without an id, metrics without a kind: left out, and the sender is told.</summary>
    public int RejectedCount { get; private set; }

    private void Spend(int cost)
    {
        _elements += cost;
        if (_elements > MaxElements) throw new OtlpException($"One request has more than {MaxElements} parts; send smaller batches.");
    }

    private string String(ref ProtobufReader reader) => strings.Get(reader.ReadBytes());

    private delegate void ScopeReader(ReadOnlySpan<byte> scopeItems, TelemetryResource resource, InstrumentationScope scope);

    /// <summary>A ResourceSpans, ResourceLogs or ResourceMetrics: they differ only in what a scope's items are.</summary>
    private void ReadResource(ReadOnlySpan<byte> message, ScopeReader readScope)
    {
        var (attributes, dropped) = (Attributes.None, 0u);
        var gathered = _gathered.Count;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }
            var resource = new ProtobufReader(reader.ReadBytes());
            while (resource.Next())
            {
                switch (resource.Field)
                {
                    case 1: Gather(resource.ReadBytes(), gathered, ref dropped, 0); break;
                    case 2: dropped += resource.ReadUInt32(); break;
                    default: resource.Skip(); break;
                }
            }
        }
        attributes = TakeGathered(gathered);
        var known = store.GetResource(attributes, dropped);

        reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 2) ReadScope(reader.ReadBytes(), known, readScope);
            else reader.Skip();
        }
    }

    private void ReadScope(ReadOnlySpan<byte> message, TelemetryResource resource, ScopeReader readScope)
    {
        Spend(ItemCost);
        var (name, version, dropped) = ("", "", 0u);
        var gathered = _gathered.Count;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }
            var scope = new ProtobufReader(reader.ReadBytes());
            while (scope.Next())
            {
                switch (scope.Field)
                {
                    case 1: name = String(ref scope); break;
                    case 2: version = String(ref scope); break;
                    case 3: Gather(scope.ReadBytes(), gathered, ref dropped, 0); break;
                    case 4: dropped += scope.ReadUInt32(); break;
                    default: scope.Skip(); break;
                }
            }
        }
        readScope(message, resource, store.GetScope(new(name, version, TakeGathered(gathered), dropped)));
    }

    /// <summary>Adds one attribute to the list that begins at <paramref name="first"/>; beyond the limit it is only counted.</summary>
    private void Gather(ReadOnlySpan<byte> keyValue, int first, ref uint dropped, int depth)
    {
        Spend(1);
        if (_gathered.Count - first >= store.Limits.MaxAttributeCount)
        {
            dropped++;
            return;
        }
        _gathered.Add(ReadKeyValue(keyValue, depth));
    }

    private Attributes TakeGathered(int first)
    {
        var count = _gathered.Count - first;
        if (count == 0) return Attributes.None;
        var items = new KeyValuePair<string, AttributeValue>[count];
        _gathered.CopyTo(first, items, 0, count);
        _gathered.RemoveRange(first, count);
        return new(items);
    }

    private KeyValuePair<string, AttributeValue> ReadKeyValue(ReadOnlySpan<byte> message, int depth)
    {
        var (key, value) = ("", AttributeValue.Empty);
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: key = String(ref reader); break;
                case 2: value = ReadValue(reader.ReadBytes(), depth, isAttribute: true); break;
                default: reader.Skip(); break;
            }
        }
        return new(key, value);
    }

    private AttributeValue ReadValue(ReadOnlySpan<byte> message, int depth, bool isAttribute = false)
    {
        if (depth > MaxDepth) throw new OtlpException($"Values are nested more than {MaxDepth} deep.");
        var value = AttributeValue.Empty;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: value = Cut(String(ref reader), isAttribute); break;
                case 2: value = reader.ReadBool(); break;
                case 3: value = (long)reader.ReadVarint(); break;
                case 4: value = reader.ReadDouble(); break;
                case 5: value = ReadArray(reader.ReadBytes(), depth + 1); break;
                case 6: value = ReadList(reader.ReadBytes(), depth + 1); break;
                case 7: value = AttributeValue.Of(reader.ReadBytes().ToArray()); break;
                default: reader.Skip(); break;
            }
        }
        return value;
    }

    private string Cut(string text, bool isAttribute) =>
        isAttribute && text.Length > store.Limits.MaxAttributeLength ? text[..store.Limits.MaxAttributeLength] : text;

    private AttributeValue ReadArray(ReadOnlySpan<byte> message, int depth)
    {
        var values = new List<AttributeValue>();
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                Spend(1);
                values.Add(ReadValue(reader.ReadBytes(), depth, isAttribute: true));
            }
            else
            {
                reader.Skip();
            }
        }
        return AttributeValue.Of([.. values]);
    }

    // A nested list is a value: it is kept whole.
    private AttributeValue ReadList(ReadOnlySpan<byte> message, int depth)
    {
        var gathered = _gathered.Count;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                Spend(1);
                _gathered.Add(ReadKeyValue(reader.ReadBytes(), depth));
            }
            else
            {
                reader.Skip();
            }
        }
        return AttributeValue.Of(TakeGathered(gathered));
    }

    /// <summary>An id of another length than its own is none.</summary>
    private static TraceId ReadTraceId(ref ProtobufReader reader) => reader.ReadBytes() is { Length: TraceId.ByteCount } bytes ? TraceId.Read(bytes) : default;

    private static SpanId ReadSpanId(ref ProtobufReader reader) => reader.ReadBytes() is { Length: SpanId.ByteCount } bytes ? SpanId.Read(bytes) : default;
}
