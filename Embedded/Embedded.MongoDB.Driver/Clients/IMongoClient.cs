using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>The way to a server. Safe for any number of threads; a program needs one.</summary>
public interface IMongoClient : IDisposable
{
    MongoClientSettings Settings { get; }

    Task DropDatabaseAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>A database; nothing is asked of the server, and the database need not be there.</summary>
    IMongoDatabase GetDatabase(string name, MongoDatabaseSettings? settings = null);

    Task<IAsyncCursor<string>> ListDatabaseNamesAsync(CancellationToken cancellationToken = default);

    Task<IAsyncCursor<BsonDocument>> ListDatabasesAsync(CancellationToken cancellationToken = default);
}
