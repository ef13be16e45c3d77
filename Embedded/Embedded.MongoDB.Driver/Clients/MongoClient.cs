using MongoDB.Bson;

namespace MongoDB.Driver;

/// <inheritdoc cref="IMongoClient"/>
public sealed class MongoClient : IMongoClient
{
    private readonly MongoClientSettings _settings;

    /// <summary>A client of the server at localhost:27017.</summary>
    public MongoClient() : this(new MongoClientSettings()) { }

    /// <exception cref="MongoConfigurationException">The connection string makes no sense.</exception>
    public MongoClient(string connectionString) : this(MongoClientSettings.FromConnectionString(connectionString)) { }

    public MongoClient(MongoUrl url) : this(MongoClientSettings.FromUrl(url)) { }

    public MongoClient(MongoClientSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings.Clone();
        Operations = new Operations(new Cluster(_settings));
    }

    public MongoClientSettings Settings => _settings.Clone();

    internal Operations Operations { get; }

    /// <summary>Closes all connections.</summary>
    public void Dispose() => Operations.Cluster.Dispose();

    public Task DropDatabaseAsync(string name, CancellationToken cancellationToken = default) =>
        Operations.RunAsync("dropDatabase", new DatabaseNamespace(name).DatabaseName, null, new BsonDocument("dropDatabase", 1), cancellationToken);

    public IMongoDatabase GetDatabase(string name, MongoDatabaseSettings? settings = null) => new MongoDatabase(this, new DatabaseNamespace(name), new()
    {
        ReadConcern = settings?.ReadConcern ?? _settings.ReadConcern,
        ReadPreference = settings?.ReadPreference ?? _settings.ReadPreference,
        WriteConcern = settings?.WriteConcern ?? _settings.WriteConcern,
    });

    public async Task<IAsyncCursor<string>> ListDatabaseNamesAsync(CancellationToken cancellationToken = default) =>
        new ListCursor<string>([.. (await ListAsync(nameOnly: true, cancellationToken).ConfigureAwait(false)).Select(database => database["name"].AsString)]);

    public async Task<IAsyncCursor<BsonDocument>> ListDatabasesAsync(CancellationToken cancellationToken = default) =>
        new ListCursor<BsonDocument>([.. await ListAsync(nameOnly: false, cancellationToken).ConfigureAwait(false)]);

    private async Task<IEnumerable<BsonDocument>> ListAsync(bool nameOnly, CancellationToken cancellationToken)
    {
        var command = new BsonDocument("listDatabases", 1).Add("nameOnly", true, nameOnly);
        var reply = await Operations.RunAsync("listDatabases", "admin", null, command, cancellationToken).ConfigureAwait(false);
        return reply["databases"].AsBsonArray.Select(database => database.AsBsonDocument);
    }
}
