using System.Numerics;
using System.Text;
using Embedded.MongoDB.Protocol.Bson;

namespace MongoDB.Bson;

/// <summary>The server's total order of values, on objects: first the class of the type, then the value.</summary>
internal static class BsonOrder
{
    public static int ClassOf(BsonType type) =>
        PlaceOf(type) is > 0 and var place ? place : throw new ArgumentOutOfRangeException(nameof(type));

    /// <summary>The place of each type's class among the classes; 0 for what is no type. Objects and raw bytes both order by it.</summary>
    public static int PlaceOf(BsonType type) => type switch
    {
        BsonType.MinKey => 1,
        BsonType.Undefined => 2,
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
        _ => 0,
    };

    public static int Compare(BsonValue left, BsonValue right)
    {
        var byClass = ClassOf(left.BsonType).CompareTo(ClassOf(right.BsonType));
        if (byClass != 0)
            return byClass;

        return (left, right) switch
        {
            (BsonDocument a, BsonDocument b) => Documents(a, b),
            (BsonArray a, BsonArray b) => Arrays(a, b),
            (BsonBinaryData a, BsonBinaryData b) => Binaries(a, b),
            (BsonObjectId a, BsonObjectId b) => a.Value.CompareTo(b.Value),
            (BsonBoolean a, BsonBoolean b) => a.Value.CompareTo(b.Value),
            (BsonDateTime a, BsonDateTime b) => a.MillisecondsSinceEpoch.CompareTo(b.MillisecondsSinceEpoch),
            (BsonTimestamp a, BsonTimestamp b) => ((ulong)a.Value).CompareTo((ulong)b.Value),
            (BsonRegularExpression a, BsonRegularExpression b) => Either(Texts(a.Pattern, b.Pattern), Texts(a.Options, b.Options)),
            (BsonDbPointer a, BsonDbPointer b) => Either(Texts(a.Namespace, b.Namespace), a.Id.CompareTo(b.Id)),
            (BsonJavaScriptWithScope a, BsonJavaScriptWithScope b) => Either(Texts(a.Code, b.Code), Documents(a.Scope, b.Scope)),
            (BsonJavaScript a, BsonJavaScript b) => Texts(a.Code, b.Code),
            ({ IsNumeric: true }, _) => Numbers(left, right),
            (BsonString or BsonSymbol, _) => Texts(left.AsString, right.AsString),
            _ => 0,
        };
    }

    public static int Hash(BsonValue value) => value switch
    {
        BsonDocument document => document.Elements.Aggregate(document.ElementCount, HashCode.Combine),
        BsonArray array => array.Aggregate(array.Count, HashCode.Combine),
        BsonBinaryData binary => HashCode.Combine(binary.SubType, binary.Bytes.Length, binary.Bytes.Length == 0 ? 0 : binary.Bytes[^1]),
        BsonInt32 number => number.Value,
        BsonInt64 number => number.Value.GetHashCode(),
        BsonDouble number => number.Value == 0 ? 0 : number.Value.GetHashCode(),
        BsonDecimal128 => 0x13,
        BsonString text => text.Value.GetHashCode(StringComparison.Ordinal),
        BsonSymbol symbol => symbol.Name.GetHashCode(StringComparison.Ordinal),
        BsonObjectId id => id.Value.GetHashCode(),
        BsonBoolean flag => flag.Value ? 1 : 2,
        BsonDateTime time => time.MillisecondsSinceEpoch.GetHashCode(),
        BsonTimestamp time => time.Value.GetHashCode(),
        _ => (int)value.BsonType,
    };

    private static int Either(int first, int second) => first != 0 ? first : second;

    private static int Documents(BsonDocument left, BsonDocument right)
    {
        for (var i = 0; i < left.ElementCount && i < right.ElementCount; i++)
        {
            var (a, b) = (left.GetElement(i), right.GetElement(i));
            var order = a.Value.CompareTypeTo(b.Value);
            if (order == 0)
                order = Either(Texts(a.Name, b.Name), Compare(a.Value, b.Value));
            if (order != 0)
                return order;
        }
        return left.ElementCount.CompareTo(right.ElementCount);
    }

    private static int Arrays(BsonArray left, BsonArray right)
    {
        for (var i = 0; i < left.Count && i < right.Count; i++)
        {
            var order = Compare(left[i], right[i]);
            if (order != 0)
                return order;
        }
        return left.Count.CompareTo(right.Count);
    }

    private static int Binaries(BsonBinaryData left, BsonBinaryData right)
    {
        var order = Either(left.Bytes.Length.CompareTo(right.Bytes.Length), left.SubType.CompareTo(right.SubType));
        return order != 0 ? order : left.Bytes.AsSpan().SequenceCompareTo(right.Bytes);
    }

    /// <summary>Text in the order of its UTF-8 bytes, which above the surrogates is not the order of its UTF-16 characters.</summary>
    private static int Texts(string left, string right)
    {
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
            return left.Length.CompareTo(right.Length);
        return char.IsSurrogate(left[same]) || char.IsSurrogate(right[same])
            ? Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right))
            : left[same].CompareTo(right[same]);
    }

    private static int Numbers(BsonValue left, BsonValue right)
    {
        if (left is BsonDecimal128 || right is BsonDecimal128)
            return Exact(left).CompareTo(Exact(right));
        if (left is BsonDouble a)
            return right is BsonDouble b ? a.Value.CompareTo(b.Value) : -Integer(right.ToInt64(), a.Value);
        return right is BsonDouble c ? Integer(left.ToInt64(), c.Value) : left.ToInt64().CompareTo(right.ToInt64());
    }

    /// <summary>An integer against a double, without rounding the integer to a double.</summary>
    private static int Integer(long left, double right)
    {
        if (double.IsNaN(right))
            return 1;
        if (right >= 9223372036854775808.0)
            return -1;
        if (right < -9223372036854775808.0)
            return 1;
        var whole = (long)right;
        return Either(left.CompareTo(whole), 0d.CompareTo(right - whole));
    }

    private static Decimal128 Exact(BsonValue value) => value.ToDecimal128();
}
