namespace MongoDB.Driver;

/// <summary>Inserts a document; it gets an <c>_id</c> if it has none.</summary>
public sealed class InsertOneModel<TDocument>(TDocument document) : WriteModel<TDocument>
{
    public TDocument Document { get; } = document ?? throw new ArgumentNullException(nameof(document));

    public override WriteModelType ModelType => WriteModelType.InsertOne;
}
