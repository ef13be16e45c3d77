using System.Text.RegularExpressions;

namespace MongoDB.Bson;

/// <summary>The casts and the questions about the type.</summary>
public abstract partial class BsonValue
{
    public bool AsBoolean => As<BsonBoolean>().Value;
    public BsonArray AsBsonArray => As<BsonArray>();
    public BsonBinaryData AsBsonBinaryData => As<BsonBinaryData>();
    public BsonDateTime AsBsonDateTime => As<BsonDateTime>();
    public BsonDocument AsBsonDocument => As<BsonDocument>();
    public BsonRegularExpression AsBsonRegularExpression => As<BsonRegularExpression>();
    public BsonTimestamp AsBsonTimestamp => As<BsonTimestamp>();

    /// <summary>The bytes of binary data of subtype 0 or 2.</summary>
    public byte[] AsByteArray
    {
        get
        {
            var binary = As<BsonBinaryData>();
            return binary.SubType is BsonBinarySubType.Binary or BsonBinarySubType.OldBinary
                ? binary.Bytes
                : throw new InvalidCastException($"Binary data of subtype {binary.SubType} is no plain byte array.");
        }
    }

    public decimal AsDecimal => (decimal)As<BsonDecimal128>().Value;
    public Decimal128 AsDecimal128 => As<BsonDecimal128>().Value;
    public double AsDouble => As<BsonDouble>().Value;

    /// <summary>The UUID of binary data of subtype 4.</summary>
    public Guid AsGuid => As<BsonBinaryData>().ToGuid();

    public int AsInt32 => As<BsonInt32>().Value;
    public long AsInt64 => As<BsonInt64>().Value;
    public bool? AsNullableBoolean => IsBsonNull ? null : AsBoolean;
    public double? AsNullableDouble => IsBsonNull ? null : AsDouble;
    public Guid? AsNullableGuid => IsBsonNull ? null : AsGuid;
    public int? AsNullableInt32 => IsBsonNull ? null : AsInt32;
    public long? AsNullableInt64 => IsBsonNull ? null : AsInt64;
    public ObjectId? AsNullableObjectId => IsBsonNull ? null : AsObjectId;
    public ObjectId AsObjectId => As<BsonObjectId>().Value;

    /// <summary>The text of a string or a symbol.</summary>
    public string AsString => this is BsonSymbol symbol ? symbol.Name : As<BsonString>().Value;

    public bool IsBoolean => BsonType == BsonType.Boolean;
    public bool IsBsonArray => BsonType == BsonType.Array;
    public bool IsBsonBinaryData => BsonType == BsonType.Binary;
    public bool IsBsonDateTime => BsonType == BsonType.DateTime;
    public bool IsBsonDocument => BsonType == BsonType.Document;
    public bool IsBsonMaxKey => BsonType == BsonType.MaxKey;
    public bool IsBsonMinKey => BsonType == BsonType.MinKey;
    public bool IsBsonNull => BsonType == BsonType.Null;
    public bool IsBsonRegularExpression => BsonType == BsonType.RegularExpression;
    public bool IsBsonTimestamp => BsonType == BsonType.Timestamp;
    public bool IsBsonUndefined => BsonType == BsonType.Undefined;
    public bool IsDecimal128 => BsonType == BsonType.Decimal128;
    public bool IsDouble => BsonType == BsonType.Double;
    public bool IsGuid => this is BsonBinaryData { SubType: BsonBinarySubType.UuidStandard or BsonBinarySubType.UuidLegacy };
    public bool IsInt32 => BsonType == BsonType.Int32;
    public bool IsInt64 => BsonType == BsonType.Int64;
    public bool IsNumeric => BsonType is BsonType.Int32 or BsonType.Int64 or BsonType.Double or BsonType.Decimal128;
    public bool IsObjectId => BsonType == BsonType.ObjectId;
    public bool IsString => BsonType == BsonType.String;

    /// <summary>True for a date that a <see cref="DateTime"/> can hold.</summary>
    public bool IsValidDateTime => this is BsonDateTime { IsValid: true };

    private T As<T>() where T : BsonValue =>
        this as T ?? throw new InvalidCastException($"Unable to cast object of type '{GetType()}' to type '{typeof(T)}'.");
}
