using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Builds projections.</summary>
public sealed class ProjectionDefinitionBuilder<TSource>
{
    public ProjectionDefinition<TSource> Combine(params ProjectionDefinition<TSource>[] projections) => Combine((IEnumerable<ProjectionDefinition<TSource>>)projections);

    public ProjectionDefinition<TSource> Combine(IEnumerable<ProjectionDefinition<TSource>> projections)
    {
        var combined = new BsonDocument();
        foreach (var projection in projections)
            combined.Merge(projection.Render(), overwriteExistingElements: true);
        return combined;
    }

    /// <summary>The first element of an array that matches.</summary>
    public ProjectionDefinition<TSource> ElemMatch<TItem>(FieldDefinition<TSource> field, FilterDefinition<TItem> filter) =>
        new BsonDocument(field.Path, new BsonDocument("$elemMatch", filter.Render()));

    public ProjectionDefinition<TSource> Exclude(FieldDefinition<TSource> field) => new BsonDocument(field.Path, 0);

    public ProjectionDefinition<TSource> Include(FieldDefinition<TSource> field) => new BsonDocument(field.Path, 1);

    public ProjectionDefinition<TSource> Slice(FieldDefinition<TSource> field, int skip, int? limit = null) =>
        new BsonDocument(field.Path, new BsonDocument("$slice", limit is null ? skip : new BsonArray { skip, limit }));
}
