using System.Buffers;
using System.Text.Json;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>
/// Turns OTLP's JSON into its protobuf, by the table of <see cref="OtlpSchema"/>. Reads what senders write: numbers as
/// numbers or strings, enums as numbers or names, ids in either case, unknown fields, null for absent.
/// </summary>
internal static class JsonToProtobuf
{
    // Deeper than any value that is worth showing, and far from the end of the stack.
    private const int MaxDepth = 256;

    /// <exception cref="OtlpException">The text is no JSON, or no such message.</exception>
    public static void Convert(ReadOnlySpan<byte> json, MessageType type, ProtobufWriter output)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            Message(ref reader, type, output);
            if (reader.Read()) throw new OtlpException("There is more than one JSON value.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new OtlpException($"The JSON cannot be read near byte {reader.TokenStartIndex}: {e.Message}", e);
        }
    }

    private static void Message(ref Utf8JsonReader reader, MessageType type, ProtobufWriter output)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = Find(ref reader, type);
            reader.Read();
            if (field is null) reader.Skip();
            else if (reader.TokenType == JsonTokenType.Null) continue;
            else if (field.IsRepeated) Array(ref reader, field, output);
            else Value(ref reader, field, output);
        }
    }

    private static Field? Find(ref Utf8JsonReader reader, MessageType type)
    {
        foreach (var field in type.Fields)
        {
            if (reader.ValueTextEquals(field.Utf8Name)) return field;
        }
        return null;
    }

    private static void Array(ref Utf8JsonReader reader, Field field, ProtobufWriter output)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) Value(ref reader, field, output);
    }

    private static void Value(ref Utf8JsonReader reader, Field field, ProtobufWriter output)
    {
        switch (field.Type)
        {
            case FieldType.Message:
                var start = output.Begin(field.Number);
                Message(ref reader, field.Message, output);
                output.End(start);
                break;
            case FieldType.Bool: output.Varint(field.Number, reader.GetBoolean() ? 1u : 0); break;
            case FieldType.Double: output.Double(field.Number, Double(ref reader)); break;
            case FieldType.Int64: output.Varint(field.Number, (ulong)Int64(ref reader)); break;
            case FieldType.SFixed64: output.Fixed64(field.Number, (ulong)Int64(ref reader)); break;
            case FieldType.UInt64: output.Varint(field.Number, UInt64(ref reader)); break;
            case FieldType.Fixed64: output.Fixed64(field.Number, UInt64(ref reader)); break;
            case FieldType.UInt32: output.Varint(field.Number, checked((uint)UInt64(ref reader))); break;
            case FieldType.Fixed32: output.Fixed32(field.Number, checked((uint)UInt64(ref reader))); break;
            case FieldType.SInt32: output.SInt32(field.Number, checked((int)Int64(ref reader))); break;
            case FieldType.Enum: output.Varint(field.Number, (uint)Enum(ref reader, field)); break;
            default: Bytes(ref reader, field, output); break;
        }
    }

    private static void Bytes(ref Utf8JsonReader reader, Field field, ProtobufWriter output)
    {
        Expect(ref reader, JsonTokenType.String);
        var rented = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            var text = rented.AsSpan(0, reader.CopyString(rented));
            if (field.Type == FieldType.Base64) text = text[..Base64(text)];
            if (field.Type == FieldType.Hex) text = text[..Hex(text, field)];
            output.Bytes(field.Number, text);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    // In place: the bytes are shorter than their text.
    private static int Base64(Span<byte> text) =>
        System.Buffers.Text.Base64.DecodeFromUtf8InPlace(text, out var written) == OperationStatus.Done ? written : throw new FormatException("The text is not in base64.");

    private static int Hex(Span<byte> text, Field field)
    {
        if (text.Length % 2 != 0) throw new FormatException($"{field.Name} has an odd number of hexadecimal digits.");
        for (var index = 0; index < text.Length; index += 2)
        {
            text[index / 2] = (byte)((Digit(text[index]) << 4) | Digit(text[index + 1]));
        }
        return text.Length / 2;

        int Digit(byte character) => HexDigit(character) is var digit and >= 0 ? digit : throw new FormatException($"{field.Name} is not hexadecimal.");
    }

    private static int HexDigit(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => character - '0',
        >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
        _ => -1,
    };

    private static double Double(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Number
        ? reader.GetDouble()
        : reader.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            var text => double.Parse(text!, System.Globalization.CultureInfo.InvariantCulture),
        };

    private static long Int64(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Number
        ? reader.GetInt64()
        : long.Parse(reader.GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private static ulong UInt64(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Number
        ? reader.GetUInt64()
        : ulong.Parse(reader.GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private static int Enum(ref Utf8JsonReader reader, Field field)
    {
        if (reader.TokenType == JsonTokenType.Number) return reader.GetInt32();
        var name = reader.GetString();
        var number = System.Array.IndexOf(field.Names!, name);
        return number >= 0 ? number : throw new FormatException($"{field.Name} knows no '{name}'.");
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType expected)
    {
        if (reader.TokenType != expected) throw new FormatException($"{expected} was expected, {reader.TokenType} came.");
    }
}
