using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Which fields come back, and as what.</summary>
public abstract class ProjectionDefinition<TSource, TProjection>
{
    private protected ProjectionDefinition() { }

    internal abstract BsonDocument Render();

    public static implicit operator ProjectionDefinition<TSource, TProjection>(BsonDocument document) =>
        new Rendered(document ?? throw new ArgumentNullException(nameof(document)));

    public static implicit operator ProjectionDefinition<TSource, TProjection>(string json) => new Rendered(BsonDocument.Parse(json));

    public static implicit operator ProjectionDefinition<TSource, TProjection>(ProjectionDefinition<TSource> projection) => new Rendered(projection.Render());

    private sealed class Rendered(BsonDocument document) : ProjectionDefinition<TSource, TProjection>
    {
        internal override BsonDocument Render() => document;
    }
}
