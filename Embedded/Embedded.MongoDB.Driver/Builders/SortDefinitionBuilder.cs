using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Builds orders.</summary>
public sealed class SortDefinitionBuilder<TDocument>
{
    public SortDefinition<TDocument> Ascending(FieldDefinition<TDocument> field) => new BsonDocument(field.Path, 1);

    public SortDefinition<TDocument> Combine(params SortDefinition<TDocument>[] sorts) => Combine((IEnumerable<SortDefinition<TDocument>>)sorts);

    /// <summary>The first decides, then the second, ….</summary>
    public SortDefinition<TDocument> Combine(IEnumerable<SortDefinition<TDocument>> sorts)
    {
        var combined = new BsonDocument();
        foreach (var part in sorts)
        {
            foreach (var element in part.Render())
            {
                combined.Remove(element.Name);
                combined.Add(element);
            }
        }
        return combined;
    }

    public SortDefinition<TDocument> Descending(FieldDefinition<TDocument> field) => new BsonDocument(field.Path, -1);
}
