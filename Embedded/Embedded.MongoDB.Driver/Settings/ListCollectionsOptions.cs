using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Which collections are listed.</summary>
public sealed class ListCollectionsOptions
{
    public FilterDefinition<BsonDocument>? Filter { get; set; }
}
