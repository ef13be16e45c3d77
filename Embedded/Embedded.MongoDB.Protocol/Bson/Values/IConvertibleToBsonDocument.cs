namespace MongoDB.Bson;

/// <summary>What can be turned into a document.</summary>
public interface IConvertibleToBsonDocument
{
    /// <summary>The document.</summary>
    BsonDocument ToBsonDocument();
}
