using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Which fields come back.</summary>
public abstract class ProjectionDefinition<TDocument>
{
    private protected ProjectionDefinition() { }

    internal abstract BsonDocument Render();

    public static implicit operator ProjectionDefinition<TDocument>(BsonDocument document) => new Rendered(document ?? throw new ArgumentNullException(nameof(document)));

    public static implicit operator ProjectionDefinition<TDocument>(string json) => new Rendered(BsonDocument.Parse(json));

    private sealed class Rendered(BsonDocument document) : ProjectionDefinition<TDocument>
    {
        internal override BsonDocument Render() => document;
    }
}
