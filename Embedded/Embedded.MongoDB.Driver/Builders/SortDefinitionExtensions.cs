namespace MongoDB.Driver;

/// <summary>Adds a field to the order.</summary>
public static class SortDefinitionExtensions
{
    public static SortDefinition<TDocument> Ascending<TDocument>(this SortDefinition<TDocument> sort, FieldDefinition<TDocument> field) =>
        Builders<TDocument>.Sort.Combine(sort, Builders<TDocument>.Sort.Ascending(field));

    public static SortDefinition<TDocument> Descending<TDocument>(this SortDefinition<TDocument> sort, FieldDefinition<TDocument> field) =>
        Builders<TDocument>.Sort.Combine(sort, Builders<TDocument>.Sort.Descending(field));
}
