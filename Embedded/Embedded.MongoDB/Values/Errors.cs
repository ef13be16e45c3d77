using Embedded.MongoDB.Bson;
using MongoDB.Bson;

namespace Embedded.MongoDB.Values;

/// <summary>The errors that specifications and documents can cause, each with the code that clients know.</summary>
internal static class Errors
{
    public static CommandException BadValue(string message) => new(2, "BadValue", message);

    public static CommandException FailedToParse(string message) => new(9, "FailedToParse", message);

    public static CommandException TypeMismatch(string message) => new(14, "TypeMismatch", message);

    public static CommandException Malformed() => new(22, "InvalidBSON", "the bytes are not a BSON document");

    public static CommandException PathNotViable(string message) => new(28, "PathNotViable", message);

    public static CommandException Conflict(string path, string other) => new(40, "ConflictingUpdateOperators",
        $"Updating the path '{path}' would create a conflict at '{other}'");

    public static CommandException Overflow(string message) => new(15, "Overflow", message);

    public static CommandException Location(int code, string message) => new(code, "Location" + code, message);

    /// <summary>The name that <c>$type</c> and error messages give a type.</summary>
    public static string NameOf(BsonType type) => type switch
    {
        BsonType.EndOfDocument => "missing",
        BsonType.Double => "double",
        BsonType.String => "string",
        BsonType.Document => "object",
        BsonType.Array => "array",
        BsonType.Binary => "binData",
        BsonType.Undefined => "undefined",
        BsonType.ObjectId => "objectId",
        BsonType.Boolean => "bool",
        BsonType.DateTime => "date",
        BsonType.Null => "null",
        BsonType.RegularExpression => "regex",
        BsonLayout.DbPointer => "dbPointer",
        BsonType.JavaScript => "javascript",
        BsonType.Symbol => "symbol",
        BsonType.JavaScriptWithScope => "javascriptWithScope",
        BsonType.Int32 => "int",
        BsonType.Timestamp => "timestamp",
        BsonType.Int64 => "long",
        BsonType.Decimal128 => "decimal",
        BsonType.MinKey => "minKey",
        BsonType.MaxKey => "maxKey",
        _ => "unknown",
    };
}
