using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Which documents. Comes from a document, from JSON, or from <see cref="Builders{TDocument}.Filter"/>.</summary>
public abstract class FilterDefinition<TDocument>
{
    private protected FilterDefinition() { }

    /// <summary>Every document.</summary>
    public static FilterDefinition<TDocument> Empty { get; } = Of([]);

    internal abstract BsonDocument Render();

    public static implicit operator FilterDefinition<TDocument>(BsonDocument document) => Of(document);

    public static implicit operator FilterDefinition<TDocument>(string json) => Of(BsonDocument.Parse(json));

    public static FilterDefinition<TDocument> operator &(FilterDefinition<TDocument> lhs, FilterDefinition<TDocument> rhs) =>
        Of(FilterDocuments.And([lhs.Render(), rhs.Render()]));

    public static FilterDefinition<TDocument> operator |(FilterDefinition<TDocument> lhs, FilterDefinition<TDocument> rhs) =>
        Of(FilterDocuments.Or([lhs.Render(), rhs.Render()]));

    public static FilterDefinition<TDocument> operator !(FilterDefinition<TDocument> op) => Of(FilterDocuments.Not(op.Render()));

    internal static FilterDefinition<TDocument> Of(BsonDocument document) => new BsonDocumentFilterDefinition<TDocument>(document);
}

/// <summary>A filter that is a document.</summary>
public sealed class BsonDocumentFilterDefinition<TDocument>(BsonDocument document) : FilterDefinition<TDocument>
{
    public BsonDocument Document { get; } = document ?? throw new ArgumentNullException(nameof(document));

    internal override BsonDocument Render() => Document;
}
