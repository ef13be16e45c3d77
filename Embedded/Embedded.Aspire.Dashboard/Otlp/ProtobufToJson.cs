using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>
/// Turns OTLP's protobuf into JSON as the OpenTelemetry Collector's file exporter writes it, by the table of
/// <see cref="OtlpSchema"/>: ids in lower-case hex, 64-bit integers as strings, enums as numbers, what is zero or empty left out.
/// </summary>
internal static class ProtobufToJson
{
    private const int MaxDepth = 128;

    /// <summary>Text is written as it is, as far as JSON allows: nothing here ends up in a page unescaped.</summary>
    public static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <exception cref="OtlpException">The bytes are no such message.</exception>
    public static void Convert(ReadOnlySpan<byte> message, MessageType type, Utf8JsonWriter output) =>
        Message(message, new Value(0, WireType.Bytes, 0, message.Length), type, output, new List<Value>(64), 0);

    /// <param name="all">What the places of values refer to.</param>
    /// <param name="values">One list for all messages on the way down; each uses the part behind its parent's, and takes it away again.</param>
    private static void Message(ReadOnlySpan<byte> all, Value message, MessageType type, Utf8JsonWriter output, List<Value> values, int depth)
    {
        if (depth > MaxDepth) throw new OtlpException($"Values are nested more than {MaxDepth} deep.");
        var first = values.Count;
        var reader = new ProtobufReader(message.Of(all));
        while (reader.Next())
        {
            var length = reader.ReadRaw().Length;
            if (type.Find(reader.Field) is not null) values.Add(new(reader.Field, reader.WireType, message.Start + reader.Position - length, length));
        }

        output.WriteStartObject();
        var last = values.Count;
        foreach (var field in type.Fields) WriteField(all, field, output, values, first, last, depth);
        output.WriteEndObject();
        values.RemoveRange(first, values.Count - first);
    }

    private static void WriteField(
        ReadOnlySpan<byte> all, Field field, Utf8JsonWriter output, List<Value> values, int first, int last, int depth)
    {
        var (count, found) = (0, default(Value));
        for (var index = first; index < last; index++)
        {
            var value = values[index];
            if (value.Field != field.Number) continue;
            found = value;
            if (count++ == 0 && field.IsRepeated) output.WriteStartArray(field.Utf8Name);
            if (field.IsRepeated) Elements(all, field, value, output, values, depth);
        }

        if (field.IsRepeated)
        {
            if (count > 0) output.WriteEndArray();
        }
        else if (field.Type == FieldType.Message)
        {
            if (count == 0 && field.Presence != Presence.Always) return;
            output.WritePropertyName(field.Utf8Name);
            if (count <= 1) Message(all, found, field.Message, output, values, depth + 1);
            else Merged(all, field, output, values, first, last, depth);
        }
        else if (count > 0 && (field.Presence == Presence.AsSent || !IsDefault(found.Of(all), field, found.WireType)))
        {
            output.WritePropertyName(field.Utf8Name);
            Scalar(found.Of(all), found.WireType, field, output);
        }
    }

    // A message that came in several pieces is what its pieces are one after the other.
    private static void Merged(
        ReadOnlySpan<byte> all, Field field, Utf8JsonWriter output, List<Value> values, int first, int last, int depth)
    {
        var whole = new List<byte>();
        for (var index = first; index < last; index++)
        {
            if (values[index].Field == field.Number) whole.AddRange(values[index].Of(all));
        }
        var bytes = whole.ToArray();
        Message(bytes, new Value(0, WireType.Bytes, 0, bytes.Length), field.Message, output, [], depth + 1);
    }

    private static void Elements(
        ReadOnlySpan<byte> all, Field field, Value value, Utf8JsonWriter output, List<Value> values, int depth)
    {
        if (field.Type == FieldType.Message)
        {
            Message(all, value, field.Message, output, values, depth + 1);
        }
        else if (value.WireType != WireType.Bytes || field.Type == FieldType.String)
        {
            Scalar(value.Of(all), value.WireType, field, output);
        }
        else
        {
            var packed = new List<ulong>();
            new ProtobufReader(value.Of(all)).ReadPacked(WireTypeOf(field.Type), packed);
            foreach (var number in packed) Number(number, field, output);
        }
    }

    private static void Scalar(ReadOnlySpan<byte> raw, WireType wireType, Field field, Utf8JsonWriter output)
    {
        if (wireType != WireTypeOf(field.Type)) throw new OtlpException($"{field.Name} has wire type {(int)wireType}.");
        switch (field.Type)
        {
            case FieldType.String: output.WriteStringValue(raw); break;
            case FieldType.Base64: output.WriteBase64StringValue(raw); break;
            case FieldType.Hex: Hex(raw, output); break;
            default: Number(Bits(raw, wireType), field, output); break;
        }
    }

    private static void Number(ulong bits, Field field, Utf8JsonWriter output)
    {
        switch (field.Type)
        {
            case FieldType.Bool: output.WriteBooleanValue(bits != 0); break;
            case FieldType.Double: Double(BitConverter.UInt64BitsToDouble(bits), output); break;
            case FieldType.UInt32 or FieldType.Fixed32: output.WriteNumberValue((uint)bits); break;
            case FieldType.SInt32: output.WriteNumberValue(ProtobufReader.ZigZag((uint)bits)); break;
            case FieldType.Enum: output.WriteNumberValue((int)bits); break;
            case FieldType.Int64 or FieldType.SFixed64: Text((long)bits, output); break;
            default: Text(bits, output); break;
        }
    }

    private static void Text<T>(T number, Utf8JsonWriter output) where T : IUtf8SpanFormattable
    {
        Span<byte> text = stackalloc byte[20];
        number.TryFormat(text, out var length, default, System.Globalization.CultureInfo.InvariantCulture);
        output.WriteStringValue(text[..length]);
    }

    private static void Double(double value, Utf8JsonWriter output)
    {
        if (double.IsNaN(value)) output.WriteStringValue("NaN"u8);
        else if (double.IsInfinity(value)) output.WriteStringValue(value > 0 ? "Infinity"u8 : "-Infinity"u8);
        else output.WriteNumberValue(value);
    }

    private static void Hex(ReadOnlySpan<byte> id, Utf8JsonWriter output)
    {
        const int MaxIdBytes = 16;
        Span<byte> text = stackalloc byte[MaxIdBytes * 2];
        if (id.Length > MaxIdBytes) throw new OtlpException($"An id has at most {MaxIdBytes} bytes; this one has {id.Length}.");
        System.Convert.TryToHexStringLower(id, text, out var length);
        output.WriteStringValue(text[..length]);
    }

    private static ulong Bits(ReadOnlySpan<byte> raw, WireType wireType)
    {
        if (wireType == WireType.Fixed64) return BinaryPrimitives.ReadUInt64LittleEndian(raw);
        if (wireType == WireType.Fixed32) return BinaryPrimitives.ReadUInt32LittleEndian(raw);
        ulong value = 0;
        for (var index = 0; index < raw.Length; index++) value |= (ulong)(raw[index] & 0x7F) << (7 * index);
        return value;
    }

    private static bool IsDefault(ReadOnlySpan<byte> raw, Field field, WireType wireType) => field.Type switch
    {
        FieldType.String or FieldType.Base64 => raw.IsEmpty,
        FieldType.Hex => raw.IndexOfAnyExcept((byte)0) < 0,
        _ => wireType == WireTypeOf(field.Type) && Bits(raw, wireType) == 0,
    };

    private static WireType WireTypeOf(FieldType type) => type switch
    {
        FieldType.String or FieldType.Base64 or FieldType.Hex or FieldType.Message => WireType.Bytes,
        FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64 => WireType.Fixed64,
        FieldType.Fixed32 => WireType.Fixed32,
        _ => WireType.Varint,
    };

    /// <summary>A field's value, by its place.</summary>
    private readonly record struct Value(int Field, WireType WireType, int Start, int Length)
    {
        public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> all) => all.Slice(Start, Length);
    }
}
