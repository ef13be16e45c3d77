using System.Buffers.Binary;
using MongoDB.Bson;

namespace Embedded.MongoDB.Bson;

/// <summary>How many bytes a value takes, and the limits of the format (BSON 1.1).</summary>
internal static class BsonLayout
{
    /// <summary>A document without elements: its length and its end byte.</summary>
    public const int MinDocumentBytes = 5;

    /// <summary>Documents and arrays inside one another, the outermost not counted.</summary>
    public const int MaxNestingDepth = 200;

    /// <summary>Type 0x0c, a deprecated reference: a string and twelve bytes. The public enumeration has no name for it.</summary>
    public const BsonType DbPointer = (BsonType)0x0c;

    /// <summary>Binary data of subtype 2, whose length stands there twice: deprecated by the enumeration, and still stored.</summary>
    public const BsonBinarySubType OldBinary = (BsonBinarySubType)0x02;

    /// <summary>The size of the value at the start of <paramref name="rest"/>; -1 if the type is unknown or the value does not fit.</summary>
    public static int ValueLength(BsonType type, ReadOnlySpan<byte> rest)
    {
        var length = type switch
        {
            BsonType.Int32 => 4,
            BsonType.Double or BsonType.Int64 or BsonType.DateTime or BsonType.Timestamp => 8,
            BsonType.String or BsonType.JavaScript or BsonType.Symbol => Announced(rest, beside: 4, atLeast: 1),
            BsonType.Document or BsonType.Array => Announced(rest, beside: 0, atLeast: MinDocumentBytes),
            BsonType.JavaScriptWithScope => Announced(rest, beside: 0, atLeast: 4 + 5 + MinDocumentBytes),
            BsonType.Binary => Announced(rest, beside: 5, atLeast: 0),
            BsonType.Boolean => 1,
            BsonType.ObjectId => 12,
            BsonType.Decimal128 => 16,
            BsonType.Null or BsonType.Undefined or BsonType.MinKey or BsonType.MaxKey => 0,
            BsonType.RegularExpression => TwoCStrings(rest),
            DbPointer => Announced(rest, beside: 4 + 12, atLeast: 1),
            _ => -1,
        };
        return length <= rest.Length ? (int)length : -1;
    }

    /// <summary>The size that the first four bytes announce, plus what stands beside it; -1 if that is impossible.</summary>
    private static long Announced(ReadOnlySpan<byte> rest, int beside, int atLeast)
    {
        if (rest.Length < 4)
        {
            return -1;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
        return length < atLeast ? -1 : (long)length + beside;
    }

    private static long TwoCStrings(ReadOnlySpan<byte> rest)
    {
        var first = rest.IndexOf((byte)0);
        if (first < 0)
        {
            return -1;
        }

        var second = rest[(first + 1)..].IndexOf((byte)0);
        return second < 0 ? -1 : first + second + 2;
    }
}
