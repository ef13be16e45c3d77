namespace MongoDB.Driver;

/// <summary>Adds a field to the order.</summary>
public static class IndexKeysDefinitionExtensions
{
    public static IndexKeysDefinition<TDocument> Ascending<TDocument>(this IndexKeysDefinition<TDocument> keys, FieldDefinition<TDocument> field) =>
        Builders<TDocument>.IndexKeys.Combine(keys, Builders<TDocument>.IndexKeys.Ascending(field));

    public static IndexKeysDefinition<TDocument> Descending<TDocument>(this IndexKeysDefinition<TDocument> keys, FieldDefinition<TDocument> field) =>
        Builders<TDocument>.IndexKeys.Combine(keys, Builders<TDocument>.IndexKeys.Descending(field));
}
