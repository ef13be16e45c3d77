using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>A database.</summary>
public interface IMongoDatabase
{
    IMongoClient Client { get; }

    DatabaseNamespace DatabaseNamespace { get; }

    MongoDatabaseSettings Settings { get; }

    /// <summary>Runs a pipeline that reads from no collection.</summary>
    Task<IAsyncCursor<TResult>> AggregateAsync<TResult>(
        PipelineDefinition<NoPipelineInput, TResult> pipeline, AggregateOptions? options = null, CancellationToken cancellationToken = default);

    Task CreateCollectionAsync(string name, CreateCollectionOptions? options = null, CancellationToken cancellationToken = default);

    Task DropCollectionAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>A collection; nothing is asked of the server, and the collection need not be there.</summary>
    /// <exception cref="BsonSerializationException"><typeparamref name="TDocument"/> is not <see cref="BsonDocument"/>.</exception>
    IMongoCollection<TDocument> GetCollection<TDocument>(string name, MongoCollectionSettings? settings = null);

    Task<IAsyncCursor<string>> ListCollectionNamesAsync(ListCollectionNamesOptions? options = null, CancellationToken cancellationToken = default);

    Task<IAsyncCursor<BsonDocument>> ListCollectionsAsync(ListCollectionsOptions? options = null, CancellationToken cancellationToken = default);

    Task RenameCollectionAsync(string oldName, string newName, RenameCollectionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Runs any command.</summary>
    /// <exception cref="MongoCommandException">The server refused it.</exception>
    Task<TResult> RunCommandAsync<TResult>(Command<TResult> command, ReadPreference? readPreference = null, CancellationToken cancellationToken = default);

    IMongoDatabase WithReadConcern(ReadConcern readConcern);

    IMongoDatabase WithReadPreference(ReadPreference readPreference);

    IMongoDatabase WithWriteConcern(WriteConcern writeConcern);
}
