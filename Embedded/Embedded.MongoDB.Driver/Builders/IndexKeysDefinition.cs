using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>The fields of an index and their order.</summary>
public abstract class IndexKeysDefinition<TDocument>
{
    private protected IndexKeysDefinition() { }

    internal abstract BsonDocument Render();

    public static implicit operator IndexKeysDefinition<TDocument>(BsonDocument document) => new Rendered(document ?? throw new ArgumentNullException(nameof(document)));

    public static implicit operator IndexKeysDefinition<TDocument>(string json) => new Rendered(BsonDocument.Parse(json));

    private sealed class Rendered(BsonDocument document) : IndexKeysDefinition<TDocument>
    {
        internal override BsonDocument Render() => document;
    }
}
