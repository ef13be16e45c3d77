using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>A command was executed, and what the write concern asks for was not reached.</summary>
public class MongoWriteConcernException : MongoCommandException
{
    internal MongoWriteConcernException(string message, BsonDocument command, BsonDocument result) : base(message, command, result) { }
}
