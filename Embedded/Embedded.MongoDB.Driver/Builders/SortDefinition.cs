using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>An order of documents.</summary>
public abstract class SortDefinition<TDocument>
{
    private protected SortDefinition() { }

    internal abstract BsonDocument Render();

    public static implicit operator SortDefinition<TDocument>(BsonDocument document) => new Rendered(document ?? throw new ArgumentNullException(nameof(document)));

    public static implicit operator SortDefinition<TDocument>(string json) => new Rendered(BsonDocument.Parse(json));

    private sealed class Rendered(BsonDocument document) : SortDefinition<TDocument>
    {
        internal override BsonDocument Render() => document;
    }
}
