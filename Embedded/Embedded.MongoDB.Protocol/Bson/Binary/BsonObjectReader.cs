using System.Buffers.Binary;
using System.Text;
using Embedded.MongoDB.Protocol.Bson;

namespace MongoDB.Bson;

/// <summary>Bytes to objects. Strict where the raw reader is not: text must be UTF-8, and depth is limited.</summary>
internal static class BsonObjectReader
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="FormatException">The bytes are not one document.</exception>
    public static BsonDocument ReadDocument(ReadOnlySpan<byte> bytes, int depth = 0)
    {
        var document = new BsonDocument();
        var cursor = new BsonCursor(Checked(bytes, depth));
        while (cursor.MoveNext())
            document.Append(new BsonElement(Text(cursor.Name), ReadValue(cursor, depth)));
        return document;
    }

    /// <summary>The current value of the cursor.</summary>
    public static BsonValue ReadValue(in BsonCursor cursor, int depth = 0) => cursor.Type switch
    {
        BsonType.Double => new BsonDouble(cursor.Double),
        BsonType.String => new BsonString(Text(cursor.Utf8)),
        BsonType.Document => ReadDocument(cursor.Value, depth + 1),
        BsonType.Array => ReadArray(cursor.Value, depth + 1),
        BsonType.Binary => ReadBinary(cursor),
        BsonType.Undefined => BsonUndefined.Value,
        BsonType.ObjectId => new BsonObjectId(new ObjectId(cursor.Value)),
        BsonType.Boolean => cursor.Boolean ? BsonBoolean.True : BsonBoolean.False,
        BsonType.DateTime => new BsonDateTime(cursor.DateTimeMs),
        BsonType.Null => BsonNull.Value,
        BsonType.RegularExpression => ReadRegularExpression(cursor.Value),
        BsonLayout.DbPointer => new BsonDbPointer(Text(StringText(cursor.Value[..^12])), new ObjectId(cursor.Value[^12..])),
        BsonType.JavaScript => new BsonJavaScript(Text(cursor.Utf8)),
        BsonType.Symbol => new BsonSymbol(Text(cursor.Utf8)),
        BsonType.JavaScriptWithScope => ReadCodeWithScope(cursor.Value, depth + 1),
        BsonType.Int32 => new BsonInt32(cursor.Int32),
        BsonType.Timestamp => new BsonTimestamp(BinaryPrimitives.ReadInt64LittleEndian(cursor.Value)),
        BsonType.Int64 => new BsonInt64(cursor.Int64),
        BsonType.Decimal128 => new BsonDecimal128(Decimal128.FromIEEEBits(
            BinaryPrimitives.ReadUInt64LittleEndian(cursor.Value[8..]), BinaryPrimitives.ReadUInt64LittleEndian(cursor.Value))),
        BsonType.MinKey => BsonMinKey.Value,
        BsonType.MaxKey => BsonMaxKey.Value,
        _ => throw BsonCursor.Malformed($"type 0x{(int)cursor.Type:x2} is unknown"),
    };

    private static BsonBinaryData ReadBinary(in BsonCursor cursor)
    {
        var bytes = cursor.Binary(out var subType);
        return new(subType, bytes.ToArray());
    }

    private static BsonArray ReadArray(ReadOnlySpan<byte> bytes, int depth)
    {
        var array = new BsonArray();
        var cursor = new BsonCursor(Checked(bytes, depth));
        while (cursor.MoveNext())
            array.Add(ReadValue(cursor, depth));
        return array;
    }

    private static BsonRegularExpression ReadRegularExpression(ReadOnlySpan<byte> value)
    {
        var patternLength = value.IndexOf((byte)0);
        return new(Text(value[..patternLength]), Text(value[(patternLength + 1)..^1]));
    }

    private static BsonJavaScriptWithScope ReadCodeWithScope(ReadOnlySpan<byte> value, int depth) =>
        BsonValidator.TryFindScope(value, out var scope)
            ? new(Text(value[8..(scope - 1)]), ReadDocument(value[scope..], depth))
            : throw BsonCursor.Malformed("code with a scope has a wrong length");

    private static ReadOnlySpan<byte> StringText(ReadOnlySpan<byte> value) =>
        value[^1] == 0 ? value[4..^1] : throw BsonCursor.Malformed("a string does not end in a zero byte");

    private static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> bytes, int depth) =>
        depth <= BsonLayout.MaxNestingDepth ? bytes : throw BsonCursor.Malformed($"more than {BsonLayout.MaxNestingDepth} documents are nested");

    private static string Text(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return Strict.GetString(utf8);
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException("malformed BSON: text is not UTF-8", e);
        }
    }
}
