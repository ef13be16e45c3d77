using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>Changes the first document that matches.</summary>
public sealed class UpdateOneModel<TDocument>(FilterDefinition<TDocument> filter, UpdateDefinition<TDocument> update) : WriteModel<TDocument>
{
    /// <summary>Which elements of arrays <c>$[name]</c> stands for.</summary>
    public IEnumerable<ArrayFilterDefinition>? ArrayFilters { get; set; }

    public FilterDefinition<TDocument> Filter { get; } = filter ?? throw new ArgumentNullException(nameof(filter));

    /// <summary>The index to use: its name or its keys.</summary>
    public BsonValue? Hint { get; set; }

    /// <summary>True inserts where nothing matches.</summary>
    public bool IsUpsert { get; set; }

    public override WriteModelType ModelType => WriteModelType.UpdateOne;

    public UpdateDefinition<TDocument> Update { get; } = update ?? throw new ArgumentNullException(nameof(update));
}
