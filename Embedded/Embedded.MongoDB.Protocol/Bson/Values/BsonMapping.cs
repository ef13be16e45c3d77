using System.Collections;
using System.Text.RegularExpressions;

namespace MongoDB.Bson;

/// <summary>Which BSON value a CLR object stands for, and back.</summary>
internal static class BsonMapping
{
    public static BsonValue ToBson(object? value) => value switch
    {
        null => BsonNull.Value,
        BsonValue bson => bson,
        string text => new BsonString(text),
        bool flag => (BsonValue)flag,
        int number => new BsonInt32(number),
        long number => new BsonInt64(number),
        double number => new BsonDouble(number),
        float number => new BsonDouble(number),
        decimal number => new BsonDecimal128(number),
        byte number => new BsonInt32(number),
        sbyte number => new BsonInt32(number),
        short number => new BsonInt32(number),
        ushort number => new BsonInt32(number),
        uint number => new BsonInt64(number),
        ulong number => new BsonInt64(checked((long)number)),
        Enum constant => ToBson(Convert.ChangeType(constant, Enum.GetUnderlyingType(constant.GetType()), provider: null)),
        DateTime time => new BsonDateTime(time),
        DateTimeOffset time => new BsonDateTime(time.UtcDateTime),
        ObjectId id => new BsonObjectId(id),
        Decimal128 number => new BsonDecimal128(number),
        byte[] bytes => new BsonBinaryData(bytes),
        Regex regex => new BsonRegularExpression(regex),
        Guid => throw new ArgumentException("A Guid has several byte orders in BSON: use new BsonBinaryData(guid, GuidRepresentation.Standard).", nameof(value)),
        IDictionary map => new BsonDocument(map),
        IEnumerable<KeyValuePair<string, object>> map => new BsonDocument(map),
        IEnumerable items => new BsonArray(items),
        _ => throw new ArgumentException($".NET type {value.GetType().FullName} cannot be mapped to a BsonValue.", nameof(value)),
    };

    public static object? ToClr(BsonValue value) => value switch
    {
        BsonDocument document => document.ToDictionary(),
        BsonArray array => array.Select(ToClr).ToArray(),
        BsonString text => text.Value,
        BsonBoolean flag => flag.Value,
        BsonInt32 number => number.Value,
        BsonInt64 number => number.Value,
        BsonDouble number => number.Value,
        BsonDecimal128 number => number.Value,
        BsonObjectId id => id.Value,
        BsonDateTime { IsValid: true } time => time.ToUniversalTime(),
        BsonBinaryData { SubType: BsonBinarySubType.UuidStandard } uuid => uuid.ToGuid(),
        BsonBinaryData { SubType: BsonBinarySubType.Binary or BsonBinarySubType.OldBinary } binary => binary.Bytes,
        BsonNull => null,
        _ => value,
    };
}
