using System.Text.RegularExpressions;

namespace MongoDB.Bson;

/// <summary>What becomes a BSON value without being asked (null becomes BSON null), and what a value becomes when it is.</summary>
public abstract partial class BsonValue
{
    public static implicit operator BsonValue(bool value) => value ? BsonBoolean.True : BsonBoolean.False;
    public static implicit operator BsonValue(bool? value) => value is { } it ? it : BsonNull.Value;
    public static implicit operator BsonValue(byte[]? value) => value is null ? BsonNull.Value : new BsonBinaryData(value);
    public static implicit operator BsonValue(DateTime value) => new BsonDateTime(value);
    public static implicit operator BsonValue(DateTime? value) => value is { } it ? it : BsonNull.Value;
    public static implicit operator BsonValue(decimal value) => new BsonDecimal128(value);
    public static implicit operator BsonValue(decimal? value) => value is { } it ? it : BsonNull.Value;
    public static implicit operator BsonValue(Decimal128 value) => new BsonDecimal128(value);
    public static implicit operator BsonValue(Decimal128? value) => value is { } it ? it : BsonNull.Value;
    public static implicit operator BsonValue(double value) => new BsonDouble(value);
    public static implicit operator BsonValue(double? value) => value is { } it ? it : BsonNull.Value;
    public static implicit operator BsonValue(Enum? value) => BsonMapping.ToBson(value);
    public static implicit operator BsonValue(int value) => new BsonInt32(value);
    public static implicit operator BsonValue(int? value) => value is { } it ? it : BsonNull.Value;
    public static implicit operator BsonValue(long value) => new BsonInt64(value);
    public static implicit operator BsonValue(long? value) => value is { } it ? it : BsonNull.Value;
    public static implicit operator BsonValue(ObjectId value) => new BsonObjectId(value);
    public static implicit operator BsonValue(ObjectId? value) => value is { } it ? it : BsonNull.Value;
    public static implicit operator BsonValue(Regex? value) => value is null ? BsonNull.Value : new BsonRegularExpression(value);
    public static implicit operator BsonValue(string? value) => value is null ? BsonNull.Value : new BsonString(value);

    public static explicit operator bool(BsonValue value) => Given(value).AsBoolean;
    public static explicit operator bool?(BsonValue? value) => value?.AsNullableBoolean;
    public static explicit operator byte[]?(BsonValue? value) => value is null or BsonNull ? null : value.AsByteArray;
    public static explicit operator DateTime(BsonValue value) => Given(value).AsBsonDateTime.ToUniversalTime();
    public static explicit operator DateTime?(BsonValue? value) => value is null or BsonNull ? null : value.AsBsonDateTime.ToUniversalTime();
    public static explicit operator decimal(BsonValue value) => Given(value).AsDecimal;
    public static explicit operator decimal?(BsonValue? value) => value is null or BsonNull ? null : value.AsDecimal;
    public static explicit operator Decimal128(BsonValue value) => Given(value).AsDecimal128;
    public static explicit operator Decimal128?(BsonValue? value) => value is null or BsonNull ? null : value.AsDecimal128;
    public static explicit operator double(BsonValue value) => Given(value).AsDouble;
    public static explicit operator double?(BsonValue? value) => value?.AsNullableDouble;
    public static explicit operator Guid(BsonValue value) => Given(value).AsGuid;
    public static explicit operator Guid?(BsonValue? value) => value?.AsNullableGuid;
    public static explicit operator int(BsonValue value) => Given(value).AsInt32;
    public static explicit operator int?(BsonValue? value) => value?.AsNullableInt32;
    public static explicit operator long(BsonValue value) => Given(value).AsInt64;
    public static explicit operator long?(BsonValue? value) => value?.AsNullableInt64;
    public static explicit operator ObjectId(BsonValue value) => Given(value).AsObjectId;
    public static explicit operator ObjectId?(BsonValue? value) => value?.AsNullableObjectId;
    public static explicit operator Regex?(BsonValue? value) => value is null or BsonNull ? null : value.AsBsonRegularExpression.ToRegex();
    public static explicit operator string?(BsonValue? value) => value is null or BsonNull ? null : value.AsString;

    private static BsonValue Given(BsonValue? value) => value ?? throw new ArgumentNullException(nameof(value));
}
