using Embedded.MongoDB.Protocol.Bson;
using Embedded.MongoDB.Protocol.Wire;

namespace MongoDB.Bson;

/// <summary>Objects to bytes, straight into the buffer they are sent from.</summary>
internal static class BsonObjectWriter
{
    public static byte[] ToBytes(BsonDocument document)
    {
        using var buffer = new PooledBuffer();
        Write(buffer, document);
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="FormatException">More levels than the format allows, which is what a document inside itself comes to.</exception>
    public static void Write(PooledBuffer output, BsonDocument document, int depth = 0)
    {
        var writer = new BsonWriter(output);
        var start = Begin(writer, depth);
        for (var i = 0; i < document.ElementCount; i++)
        {
            var element = document.GetElement(i);
            writer.WriteHeader(element.Value.BsonType, element.Name);
            WriteValue(writer, element.Value, depth);
        }
        writer.EndDocument(start);
    }

    /// <summary>Writes a value without type and name.</summary>
    public static void WriteValue(BsonWriter writer, BsonValue value, int depth = 0)
    {
        switch (value)
        {
            case BsonString text: writer.WriteStringValue(text.Value); break;
            case BsonInt32 number: writer.Output.WriteInt32(number.Value); break;
            case BsonInt64 number: writer.WriteInt64Value(number.Value); break;
            case BsonDouble number: writer.WriteInt64Value(BitConverter.DoubleToInt64Bits(number.Value)); break;
            case BsonDocument document: Write(writer.Output, document, depth + 1); break;
            case BsonArray array: WriteArray(writer, array, depth + 1); break;
            case BsonBinaryData binary: writer.WriteBinaryValue(binary.SubType, binary.Bytes); break;
            case BsonBoolean flag: writer.Output.WriteByte(flag.Value ? (byte)1 : (byte)0); break;
            case BsonDateTime time: writer.WriteInt64Value(time.MillisecondsSinceEpoch); break;
            case BsonObjectId id: WriteObjectId(writer, id.Value); break;
            case BsonTimestamp time: writer.WriteInt64Value(time.Value); break;
            case BsonDecimal128 number:
                writer.WriteInt64Value((long)number.Value.GetIEEELowBits());
                writer.WriteInt64Value((long)number.Value.GetIEEEHighBits());
                break;
            case BsonRegularExpression regex:
                writer.WriteCString(regex.Pattern);
                writer.WriteCString(regex.Options);
                break;
            case BsonJavaScriptWithScope code: WriteCodeWithScope(writer, code, depth + 1); break;
            case BsonJavaScript code: writer.WriteStringValue(code.Code); break;
            case BsonSymbol symbol: writer.WriteStringValue(symbol.Name); break;
            case BsonDbPointer pointer:
                writer.WriteStringValue(pointer.Namespace);
                WriteObjectId(writer, pointer.Id);
                break;
            case BsonNull or BsonUndefined or BsonMinKey or BsonMaxKey: break;
            default: throw new ArgumentException($"{value.GetType()} is no BSON value.", nameof(value));
        }
    }

    private static void WriteArray(BsonWriter writer, BsonArray array, int depth)
    {
        var start = Begin(writer, depth);
        for (var i = 0; i < array.Count; i++)
        {
            writer.WriteIndexHeader(array[i].BsonType, i);
            WriteValue(writer, array[i], depth);
        }
        writer.EndDocument(start);
    }

    private static void WriteCodeWithScope(BsonWriter writer, BsonJavaScriptWithScope code, int depth)
    {
        var start = writer.BeginDocument();
        writer.WriteStringValue(code.Code);
        Write(writer.Output, code.Scope, depth);
        writer.Output.PatchInt32(start, writer.Output.Count - start);
    }

    private static void WriteObjectId(BsonWriter writer, ObjectId id)
    {
        id.CopyTo(writer.Output.GetSpan(12));
        writer.Output.Advance(12);
    }

    private static int Begin(BsonWriter writer, int depth) => depth <= BsonLayout.MaxNestingDepth
        ? writer.BeginDocument()
        : throw new FormatException($"more than {BsonLayout.MaxNestingDepth} documents are nested");
}
