using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>The server that answered does not take writes.</summary>
public class MongoNotPrimaryException : MongoCommandException
{
    internal MongoNotPrimaryException(string message, BsonDocument command, BsonDocument result) : base(message, command, result) { }
}
