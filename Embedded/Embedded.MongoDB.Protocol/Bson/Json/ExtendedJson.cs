using System.Globalization;

namespace MongoDB.Bson.IO;

/// <summary>
/// What documents such as <c>{ "$oid": "…" }</c> stand for. The first name that is known decides; missing or extra names and wrong
/// types are errors then, and every other name with a dollar is an ordinary field.
/// </summary>
internal static class ExtendedJson
{
    private static readonly string[] Wrappers =
    [
        "$numberInt", "$numberLong", "$numberDouble", "$numberDecimal", "$oid", "$date", "$binary", "$uuid", "$regularExpression",
        "$timestamp", "$code", "$symbol", "$dbPointer", "$undefined", "$minKey", "$maxKey",
    ];

    /// <exception cref="FormatException">A known name whose value or whose neighbours are wrong.</exception>
    public static BsonValue Unwrap(BsonDocument document)
    {
        var wrapper = document.Names.FirstOrDefault(name => name[..Math.Min(1, name.Length)] == "$" && Wrappers.Contains(name));
        if (document.Contains("$scope") && wrapper is null)
            throw Wrong(document);
        if (wrapper is null)
            return document;

        var allowed = wrapper switch
        {
            "$code" when document.Contains("$scope") => 2,
            "$binary" when document.Contains("$type") => 2,         // the older form: { "$binary": "…", "$type": "00" }
            _ => 1,
        };
        try
        {
            if (document.ElementCount == allowed && Build(document, wrapper, document[wrapper]) is { } value)
                return value;
        }
        catch (Exception e) when (e is OverflowException or FormatException or ArgumentException or InvalidCastException or KeyNotFoundException)
        {
            throw new FormatException(Wrong(document).Message, e);
        }
        throw Wrong(document);
    }

    private static BsonValue? Build(BsonDocument document, string wrapper, BsonValue value) => (wrapper, value) switch
    {
        ("$numberInt", BsonString text) => new BsonInt32(int.Parse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
        ("$numberLong", BsonString text) => new BsonInt64(long.Parse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
        ("$numberDouble", BsonString text) => new BsonDouble(ParseDouble(text.Value)),
        ("$numberDecimal", BsonString text) => new BsonDecimal128(Decimal128.Parse(text.Value)),
        ("$oid", BsonString text) => new BsonObjectId(ObjectId.Parse(text.Value)),
        ("$date", BsonString text) => ParseDate(text.Value),
        ("$date", BsonInt64) => new BsonDateTime(value.ToInt64()),
        ("$binary", BsonDocument binary) when Has(binary, "base64", "subType") => Binary(binary["base64"].AsString, binary["subType"].AsString),
        ("$binary", BsonString text) when document.TryGetValue("$type", out var type) => Binary(text.Value, type.AsString),
        ("$uuid", BsonString { Value.Length: 36 } text) => new BsonBinaryData(Guid.ParseExact(text.Value, "D"), GuidRepresentation.Standard),
        ("$regularExpression", BsonDocument regex) when Has(regex, "pattern", "options") => Regex(regex["pattern"].AsString, regex["options"].AsString),
        ("$timestamp", BsonDocument time) when Has(time, "t", "i") => new BsonTimestamp((int)Unsigned(time["t"]), (int)Unsigned(time["i"])),
        ("$code", BsonString code) when document.TryGetValue("$scope", out var scope) => new BsonJavaScriptWithScope(code.Value, scope.AsBsonDocument),
        ("$code", BsonString code) => new BsonJavaScript(code.Value),
        ("$symbol", BsonString symbol) => new BsonSymbol(symbol.Value),
        ("$dbPointer", BsonDocument pointer) when Has(pointer, "$ref", "$id") => new BsonDbPointer(pointer["$ref"].AsString, pointer["$id"].AsObjectId),
        ("$undefined", BsonBoolean { Value: true }) => BsonUndefined.Value,
        ("$minKey", BsonInt32 { Value: 1 }) => BsonMinKey.Value,
        ("$maxKey", BsonInt32 { Value: 1 }) => BsonMaxKey.Value,
        _ => null,
    };

    internal static BsonDateTime ParseDate(string text)
    {
        var time = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        return new BsonDateTime(time.ToUnixTimeMilliseconds());
    }

    private static double ParseDouble(string text) => text switch
    {
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float & ~(NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite), CultureInfo.InvariantCulture),
    };

    private static BsonBinaryData Binary(string base64, string subType) =>
        new((BsonBinarySubType)byte.Parse(subType, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), Convert.FromBase64String(base64));

    private static BsonRegularExpression Regex(string pattern, string options) =>
        (pattern + options).Contains('\0', StringComparison.Ordinal) ? throw new FormatException("zero character") : new(pattern, options);

    private static uint Unsigned(BsonValue value) => value is BsonInt32 or BsonInt64 ? checked((uint)value.ToInt64()) : throw new FormatException("no integer");

    private static bool Has(BsonDocument document, string first, string second) =>
        document.ElementCount == 2 && document.Contains(first) && document.Contains(second);

    private static FormatException Wrong(BsonDocument document) => new($"Invalid Extended JSON: {string.Join(", ", document.Names)}.");
}
