using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Puts a document in the place of the first that matches.</summary>
public sealed class ReplaceOneModel<TDocument>(FilterDefinition<TDocument> filter, TDocument replacement) : WriteModel<TDocument>
{
    public FilterDefinition<TDocument> Filter { get; } = filter ?? throw new ArgumentNullException(nameof(filter));

    /// <summary>The index to use: its name or its keys.</summary>
    public BsonValue? Hint { get; set; }

    /// <summary>True inserts where nothing matches.</summary>
    public bool IsUpsert { get; set; }

    public override WriteModelType ModelType => WriteModelType.ReplaceOne;

    public TDocument Replacement { get; } = replacement ?? throw new ArgumentNullException(nameof(replacement));
}
