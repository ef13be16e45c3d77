using MongoDB.Bson;

namespace MongoDB.Driver;

/// <inheritdoc cref="IMongoCollection{TDocument}"/>
internal sealed partial class MongoCollection<TDocument>(
    IMongoDatabase database, Operations operations, CollectionNamespace name, MongoCollectionSettings settings) : IMongoCollection<TDocument>
{
    public CollectionNamespace CollectionNamespace => name;

    public IMongoDatabase Database => database;

    public IMongoIndexManager<TDocument> Indexes => new MongoIndexManager<TDocument>(this, RunAsync, operations);

    public MongoCollectionSettings Settings => settings;

    private ReadConcern ReadConcern => settings.ReadConcern!;

    private WriteConcern WriteConcern => settings.WriteConcern!;

    public IMongoCollection<TDocument> WithReadConcern(ReadConcern readConcern) => With(readConcern, settings.ReadPreference, WriteConcern);

    public IMongoCollection<TDocument> WithReadPreference(ReadPreference readPreference) => With(ReadConcern, readPreference, WriteConcern);

    public IMongoCollection<TDocument> WithWriteConcern(WriteConcern writeConcern) => With(ReadConcern, settings.ReadPreference, writeConcern);

    private MongoCollection<TDocument> With(ReadConcern readConcern, ReadPreference? readPreference, WriteConcern writeConcern) => new(database, operations, name, new()
    {
        AssignIdOnInsert = settings.AssignIdOnInsert,
        ReadConcern = readConcern,
        ReadPreference = readPreference,
        WriteConcern = writeConcern,
    });

    private Task<BsonDocument> RunAsync(string operation, BsonDocument command, CancellationToken cancellationToken) =>
        operations.RunAsync(operation, name.DatabaseNamespace.DatabaseName, name.CollectionName, command, cancellationToken);

    private Task<IAsyncCursor<T>> OpenAsync<T>(string operation, BsonDocument command, CancellationToken cancellationToken) =>
        operations.OpenAsync(operation, name.DatabaseNamespace.DatabaseName, name.CollectionName, command, Results.Converter<T>(), cancellationToken);
}
