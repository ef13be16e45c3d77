namespace MongoDB.Bson.IO;

/// <summary>The constructors of the shell: <c>ObjectId("…")</c>, <c>ISODate("…")</c>, <c>NumberLong(1)</c>, ….</summary>
internal static class ShellForms
{
    /// <summary>The value, or null where the name is unknown or the arguments do not fit.</summary>
    /// <exception cref="FormatException">An argument's text is no such value.</exception>
    public static BsonValue? TryBuild(string name, List<BsonValue> arguments) => (name, arguments) switch
    {
        ("ObjectId", []) => new BsonObjectId(ObjectId.GenerateNewId()),
        ("ObjectId", [BsonString text]) => new BsonObjectId(ObjectId.Parse(text.Value)),
        ("ISODate" or "Date", []) => new BsonDateTime(DateTime.UtcNow),
        ("ISODate" or "Date", [BsonString text]) => ExtendedJson.ParseDate(text.Value),
        ("Date", [{ IsNumeric: true } ms]) => new BsonDateTime(ms.ToInt64()),
        ("NumberInt" or "Int32", [BsonInt32 or BsonString]) => new BsonInt32(checked((int)Integer(arguments[0]))),
        ("NumberLong" or "Long", [BsonInt32 or BsonInt64 or BsonString]) => new BsonInt64(Integer(arguments[0])),
        ("NumberDecimal" or "Decimal128", [BsonInt32 or BsonInt64 or BsonDouble or BsonString]) => new BsonDecimal128(Decimal128.Parse(arguments[0].ToString()!)),
        ("UUID", [BsonString text]) => Guid.TryParse(text.Value, out var guid) ? new BsonBinaryData(guid, GuidRepresentation.Standard) : null,
        ("BinData", [BsonInt32 subType, BsonString base64]) => new BsonBinaryData((BsonBinarySubType)(byte)subType.Value, Convert.FromBase64String(base64.Value)),
        ("Timestamp", [{ IsNumeric: true } t, { IsNumeric: true } i]) => new BsonTimestamp((int)(uint)t.ToInt64(), (int)(uint)i.ToInt64()),
        ("MinKey", []) => BsonMinKey.Value,
        ("MaxKey", []) => BsonMaxKey.Value,
        _ => null,
    };

    private static long Integer(BsonValue value) => value is BsonString text
        ? long.TryParse(text.Value, out var number) ? number : throw new FormatException($"'{text.Value}' is no integer")
        : value.ToInt64();
}
