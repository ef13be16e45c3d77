using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>The server that answered is shutting down or starting.</summary>
public class MongoNodeIsRecoveringException : MongoCommandException
{
    internal MongoNodeIsRecoveringException(string message, BsonDocument command, BsonDocument result) : base(message, command, result) { }
}
