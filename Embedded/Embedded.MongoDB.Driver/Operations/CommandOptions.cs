using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Adds to a command what was asked for, and leaves out what was not.</summary>
internal static class CommandOptions
{
    public static BsonDocument With(this BsonDocument command, string name, BsonValue? value) =>
        value is null or BsonNull ? command : command.Add(name, value);

    public static BsonDocument With(this BsonDocument command, string name, TimeSpan? time) =>
        time is { } limit ? command.Add(name, (long)Math.Ceiling(limit.TotalMilliseconds)) : command;

    public static BsonDocument With(this BsonDocument command, WriteConcern concern) =>
        concern.IsServerDefault ? command : command.Add("writeConcern", concern.ToBsonDocument());

    public static BsonDocument With(this BsonDocument command, ReadConcern concern) =>
        concern.Name is { } level ? command.Add("readConcern", new BsonDocument("level", level)) : command;
}
