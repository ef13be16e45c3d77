using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Builds the keys of indexes.</summary>
public sealed class IndexKeysDefinitionBuilder<TDocument>
{
    public IndexKeysDefinition<TDocument> Ascending(FieldDefinition<TDocument> field) => new BsonDocument(field.Path, 1);

    public IndexKeysDefinition<TDocument> Combine(params IndexKeysDefinition<TDocument>[] keys) => Combine((IEnumerable<IndexKeysDefinition<TDocument>>)keys);

    /// <summary>The first decides, then the second, ….</summary>
    public IndexKeysDefinition<TDocument> Combine(IEnumerable<IndexKeysDefinition<TDocument>> keys)
    {
        var combined = new BsonDocument();
        foreach (var part in keys)
        {
            foreach (var element in part.Render())
            {
                combined.Remove(element.Name);
                combined.Add(element);
            }
        }
        return combined;
    }

    public IndexKeysDefinition<TDocument> Descending(FieldDefinition<TDocument> field) => new BsonDocument(field.Path, -1);
}
