using System.Buffers.Binary;
using Embedded.MongoDB.Bson;
using MongoDB.Bson;

namespace Embedded.MongoDB.Values;

/// <summary>
/// The one total order of values: sort, <c>$min</c>, <c>$group</c>, unique indexes and expressions all ask here.
/// <see cref="KeyEncoding"/> is the same order as bytes; a randomised test holds the two together.
/// </summary>
internal static class ValueOrder
{
    /// <summary>The place of each type among the types; types of one class compare by value.</summary>
    public static int ClassOf(BsonType type) => type switch
    {
        BsonType.MinKey => 1,
        BsonType.Undefined or BsonType.EndOfDocument => 2,                // the latter: missing
        BsonType.Null => 3,
        BsonType.Double or BsonType.Int32 or BsonType.Int64 or BsonType.Decimal128 => 4,
        BsonType.String or BsonType.Symbol => 5,
        BsonType.Document => 6,
        BsonType.Array => 7,
        BsonType.Binary => 8,
        BsonType.ObjectId => 9,
        BsonType.Boolean => 10,
        BsonType.DateTime => 11,
        BsonType.Timestamp => 12,
        BsonType.RegularExpression => 13,
        BsonLayout.DbPointer => 14,
        BsonType.JavaScript => 15,
        BsonType.JavaScriptWithScope => 16,
        BsonType.MaxKey => 17,
        _ => throw Elements.Malformed(),
    };

    public static bool Equal(RawValue left, RawValue right)
    {
        // Two strings, the common case, are told apart without being ordered.
        if (left.Type == right.Type && left.Type is BsonType.String or BsonType.ObjectId)
        {
            return left.Bytes.SequenceEqual(right.Bytes);
        }
        return Compare(left, right) == 0;
    }

    /// <returns>Negative, zero or positive, as the left value is before, equal to or after the right one.</returns>
    public static int Compare(RawValue left, RawValue right)
    {
        if (left.Type != right.Type)
        {
            var classes = ClassOf(left.Type) - ClassOf(right.Type);
            if (classes != 0)
            {
                return classes;
            }
        }
        switch (left.Type)
        {
            case BsonType.Double or BsonType.Int32 or BsonType.Int64 or BsonType.Decimal128:
                return Number.Compare(Number.From(left), Number.From(right));
            case BsonType.String or BsonType.Symbol or BsonType.JavaScript:
                return left.Utf8.SequenceCompareTo(right.Utf8);
            case BsonType.Document:
                return CompareElements(left.Bytes, right.Bytes, named: true);
            case BsonType.Array:
                return CompareElements(left.Bytes, right.Bytes, named: false);
            case BsonType.Binary:
                var lengths = left.Bytes.Length.CompareTo(right.Bytes.Length);
                return lengths != 0 ? lengths : left.Bytes[4..].SequenceCompareTo(right.Bytes[4..]);
            case BsonType.ObjectId or BsonType.Boolean:
                return left.Bytes.SequenceCompareTo(right.Bytes);
            case BsonType.DateTime:
                return left.AsInt64.CompareTo(right.AsInt64);
            case BsonType.Timestamp:
                return ((ulong)left.AsInt64).CompareTo((ulong)right.AsInt64);
            case BsonType.RegularExpression:
                return CompareRegex(left.Bytes, right.Bytes);
            case BsonLayout.DbPointer:
                var names = left.Bytes[4..^13].SequenceCompareTo(right.Bytes[4..^13]);
                return names != 0 ? names : left.Bytes[^12..].SequenceCompareTo(right.Bytes[^12..]);
            case BsonType.JavaScriptWithScope:
                var (leftCode, leftScope) = SplitCode(left.Bytes);
                var (rightCode, rightScope) = SplitCode(right.Bytes);
                var codes = left.Bytes[leftCode].SequenceCompareTo(right.Bytes[rightCode]);
                return codes != 0 ? codes : CompareElements(left.Bytes[leftScope..], right.Bytes[rightScope..], named: true);
            default:
                return 0;                                               // minKey, null, undefined, missing, maxKey: one value each
        }
    }

    /// <summary>Where the code and the scope lie in a code-with-scope value.</summary>
    internal static (Range Code, int Scope) SplitCode(ReadOnlySpan<byte> bytes)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        if (length < 1 || length > bytes.Length - 13)
        {
            throw Elements.Malformed();
        }
        return (8..(7 + length), 8 + length);
    }

    private static int CompareElements(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, bool named)
    {
        var lefts = new Elements(left);
        var rights = new Elements(right);
        while (true)
        {
            var more = lefts.MoveNext();
            if (!rights.MoveNext())
            {
                return more ? 1 : 0;
            }
            if (!more)
            {
                return -1;
            }
            if (named)
            {
                var classes = ClassOf(lefts.Type) - ClassOf(rights.Type);
                if (classes != 0)
                {
                    return classes;
                }
                var names = lefts.Name.SequenceCompareTo(rights.Name);
                if (names != 0)
                {
                    return names;
                }
            }
            var values = Compare(lefts.Value, rights.Value);
            if (values != 0)
            {
                return values;
            }
        }
    }

    private static int CompareRegex(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var leftEnd = left.IndexOf((byte)0);
        var rightEnd = right.IndexOf((byte)0);
        var patterns = left[..leftEnd].SequenceCompareTo(right[..rightEnd]);
        return patterns != 0 ? patterns : left[leftEnd..].SequenceCompareTo(right[rightEnd..]);
    }
}
