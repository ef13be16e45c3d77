using MongoDB.Bson;

namespace MongoDB.Driver;

/// <inheritdoc cref="IMongoIndexManager{TDocument}"/>
internal sealed class MongoIndexManager<TDocument>(
    IMongoCollection<TDocument> collection, Func<string, BsonDocument, CancellationToken, Task<BsonDocument>> run, Operations operations)
    : IMongoIndexManager<TDocument>
{
    public CollectionNamespace CollectionNamespace => collection.CollectionNamespace;

    public MongoCollectionSettings Settings => collection.Settings;

    private string Name => collection.CollectionNamespace.CollectionName;

    private WriteConcern WriteConcern => collection.Settings.WriteConcern!;

    public Task<IEnumerable<string>> CreateManyAsync(IEnumerable<CreateIndexModel<TDocument>> models, CancellationToken cancellationToken = default) =>
        CreateAsync(models, maxTime: null, cancellationToken);

    public async Task<string> CreateOneAsync(
        CreateIndexModel<TDocument> model, CreateOneIndexOptions? options = null, CancellationToken cancellationToken = default) =>
        (await CreateAsync([model], options?.MaxTime, cancellationToken).ConfigureAwait(false)).Single();

    public Task DropAllAsync(CancellationToken cancellationToken = default) => DropAsync("*", cancellationToken);

    public Task DropOneAsync(string name, CancellationToken cancellationToken = default) => name == "*"
        ? throw new ArgumentException("Use DropAllAsync to drop all indexes.", nameof(name))
        : DropAsync(name, cancellationToken);

    public async Task<IAsyncCursor<BsonDocument>> ListAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await operations.OpenAsync("listIndexes", CollectionNamespace.DatabaseNamespace.DatabaseName, Name,
                new BsonDocument { { "listIndexes", Name }, { "cursor", new BsonDocument() } }, index => index, cancellationToken).ConfigureAwait(false);
        }
        catch (MongoCommandException e) when (e.Code == ServerErrors.NamespaceNotFound)
        {
            return new ListCursor<BsonDocument>([]);
        }
    }

    private async Task<IEnumerable<string>> CreateAsync(IEnumerable<CreateIndexModel<TDocument>> models, TimeSpan? maxTime, CancellationToken cancellationToken)
    {
        var indexes = new BsonArray(models.Select(Render));
        var command = new BsonDocument { { "createIndexes", Name }, { "indexes", indexes } }.With("maxTimeMS", maxTime).With(WriteConcern);
        await run("createIndexes", command, cancellationToken).ConfigureAwait(false);
        return [.. indexes.Select(index => index["name"].AsString)];
    }

    private async Task DropAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await run("dropIndexes", new BsonDocument { { "dropIndexes", Name }, { "index", name } }.With(WriteConcern), cancellationToken).ConfigureAwait(false);
        }
        catch (MongoCommandException e) when (e.Code == ServerErrors.NamespaceNotFound) { }
    }

    private static BsonDocument Render(CreateIndexModel<TDocument> model)
    {
        var keys = model.Keys.Render();
        var options = model.Options;
        return new BsonDocument { { "key", keys }, { "name", options?.Name ?? string.Join('_', keys.Select(key => $"{key.Name}_{key.Value}")) } }
            .With("unique", options?.Unique)
            .With("sparse", options?.Sparse)
            .With("hidden", options?.Hidden)
            .With("expireAfterSeconds", options?.ExpireAfter is { } time ? (long)time.TotalSeconds : null)
            .With("partialFilterExpression", (options as CreateIndexOptions<TDocument>)?.PartialFilterExpression?.Render());
    }
}
