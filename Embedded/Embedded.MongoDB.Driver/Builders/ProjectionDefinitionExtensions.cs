namespace MongoDB.Driver;

/// <summary>Adds a field to a projection.</summary>
public static class ProjectionDefinitionExtensions
{
    public static ProjectionDefinition<TDocument> Exclude<TDocument>(this ProjectionDefinition<TDocument> projection, FieldDefinition<TDocument> field) =>
        Builders<TDocument>.Projection.Combine(projection, Builders<TDocument>.Projection.Exclude(field));

    public static ProjectionDefinition<TDocument> Include<TDocument>(this ProjectionDefinition<TDocument> projection, FieldDefinition<TDocument> field) =>
        Builders<TDocument>.Projection.Combine(projection, Builders<TDocument>.Projection.Include(field));
}
