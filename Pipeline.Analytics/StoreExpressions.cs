using MongoDB.Bson;

namespace Pipeline.Analytics;

/// <summary>
/// What the store computes, as it is written there: a value counts for what our own readers take it for, and any other as if the field were absent.
/// </summary>
internal static class StoreExpressions
{
    /// <summary>Dates that .NET can hold.</summary>
    private static readonly (BsonDateTime First, BsonDateTime Last) Dates = (new(DateTime.MinValue), new(DateTime.MaxValue));

    public static BsonDocument CountOf(BsonDocument condition) => new("$sum", Call("$cond", condition, 1, 0));

    public static BsonDocument IsText(string field) => Call("$eq", new BsonDocument("$type", field), "string");

    public static BsonDocument Not(BsonDocument condition) => Call("$not", condition);

    public static BsonDocument IsDate(string field) => IsBetween(field, Dates.First, Dates.Last);

    public static BsonDocument DateOrNull(string field) => Call("$cond", IsDate(field), field, BsonNull.Value);

    // In the order of all BSON values only values of one type lie between two of it.
    public static BsonDocument IsBetween(string field, BsonValue first, BsonValue last) => Call("$and", Call("$gte", field, first), Call("$lte", field, last));

    public static BsonDocument Call(string name, params BsonValue[] arguments) => new(name, new BsonArray(arguments));
}
