using MongoDB.Bson;

namespace MongoDB.Driver;

/// <inheritdoc cref="IMongoDatabase"/>
internal sealed class MongoDatabase(MongoClient client, DatabaseNamespace name, MongoDatabaseSettings settings) : IMongoDatabase
{
    public IMongoClient Client => client;

    public DatabaseNamespace DatabaseNamespace => name;

    public MongoDatabaseSettings Settings => settings;

    public Task<IAsyncCursor<TResult>> AggregateAsync<TResult>(
        PipelineDefinition<NoPipelineInput, TResult> pipeline, AggregateOptions? options = null, CancellationToken cancellationToken = default) =>
        client.Operations.OpenAsync("aggregate", name.DatabaseName, null,
            ReadCommands.Aggregate(1, pipeline.Render(), options, settings.ReadConcern!, settings.WriteConcern!), Results.Converter<TResult>(), cancellationToken);

    public Task CreateCollectionAsync(string name, CreateCollectionOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAsync("createCollection", name, new BsonDocument("create", name)
            .With("capped", options?.Capped).With("size", options?.MaxSize).With("max", options?.MaxDocuments)
            .With(settings.WriteConcern!), cancellationToken);

    public async Task DropCollectionAsync(string name, CancellationToken cancellationToken = default)
    {
        try
        {
            await RunAsync("dropCollection", name, new BsonDocument("drop", name).With(settings.WriteConcern!), cancellationToken).ConfigureAwait(false);
        }
        catch (MongoCommandException e) when (e.Code == ServerErrors.NamespaceNotFound) { }     // servers before 7.0 say so
    }

    public IMongoCollection<TDocument> GetCollection<TDocument>(string name, MongoCollectionSettings? collectionSettings = null)
    {
        Results.Converter<TDocument>();
        return new MongoCollection<TDocument>(this, client.Operations, new CollectionNamespace(DatabaseNamespace, name), new()
        {
            AssignIdOnInsert = collectionSettings?.AssignIdOnInsert ?? true,
            ReadConcern = collectionSettings?.ReadConcern ?? settings.ReadConcern,
            ReadPreference = collectionSettings?.ReadPreference ?? settings.ReadPreference,
            WriteConcern = collectionSettings?.WriteConcern ?? settings.WriteConcern,
        });
    }

    public Task<IAsyncCursor<string>> ListCollectionNamesAsync(ListCollectionNamesOptions? options = null, CancellationToken cancellationToken = default) =>
        ListAsync(options?.Filter, nameOnly: true, collection => collection["name"].AsString, cancellationToken);

    public Task<IAsyncCursor<BsonDocument>> ListCollectionsAsync(ListCollectionsOptions? options = null, CancellationToken cancellationToken = default) =>
        ListAsync(options?.Filter, nameOnly: false, collection => collection, cancellationToken);

    public Task RenameCollectionAsync(string oldName, string newName, RenameCollectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        var command = new BsonDocument
        {
            { "renameCollection", new CollectionNamespace(name, oldName).FullName },
            { "to", new CollectionNamespace(name, newName).FullName },
        };
        return client.Operations.RunAsync("renameCollection", "admin", oldName,
            command.With("dropTarget", options?.DropTarget).With(settings.WriteConcern!), cancellationToken);
    }

    public async Task<TResult> RunCommandAsync<TResult>(
        Command<TResult> command, ReadPreference? readPreference = null, CancellationToken cancellationToken = default)
    {
        var convert = Results.Converter<TResult>();
        return convert(await RunAsync("runCommand", null, command.Render(), cancellationToken).ConfigureAwait(false));
    }

    public IMongoDatabase WithReadConcern(ReadConcern readConcern) =>
        new MongoDatabase(client, name, new() { ReadConcern = readConcern, ReadPreference = settings.ReadPreference, WriteConcern = settings.WriteConcern });

    public IMongoDatabase WithReadPreference(ReadPreference readPreference) =>
        new MongoDatabase(client, name, new() { ReadConcern = settings.ReadConcern, ReadPreference = readPreference, WriteConcern = settings.WriteConcern });

    public IMongoDatabase WithWriteConcern(WriteConcern writeConcern) =>
        new MongoDatabase(client, name, new() { ReadConcern = settings.ReadConcern, ReadPreference = settings.ReadPreference, WriteConcern = writeConcern });

    private Task<BsonDocument> RunAsync(string operation, string? collection, BsonDocument command, CancellationToken cancellationToken) =>
        client.Operations.RunAsync(operation, name.DatabaseName, collection, command, cancellationToken);

    private Task<IAsyncCursor<T>> ListAsync<T>(
        FilterDefinition<BsonDocument>? filter, bool nameOnly, Func<BsonDocument, T> convert, CancellationToken cancellationToken) =>
        client.Operations.OpenAsync("listCollections", name.DatabaseName, null,
            new BsonDocument("listCollections", 1).Add("nameOnly", true, nameOnly).With("filter", filter?.Render()).Add("cursor", new BsonDocument()),
            convert, cancellationToken);
}
