using Embedded.Tests.Support;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts.Stored;

namespace Pipeline.Tests.Support;

/// <summary>A store in a process of its own, for the tests of one class; each test takes a database of its own.</summary>
public sealed class MongoDBFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _data = new();
    private ServerProcess _server = null!;
    private MongoClient _client = null!;
    private int _databaseCount;

    internal ServerProcess Server => _server;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.StartMongoDBAsync(_data.Path);
        _client = new MongoClient($"mongodb://{_server.Address}");
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        _data.Dispose();
    }

    /// <summary>A database that no other test uses.</summary>
    public IMongoDatabase NewDatabase() => _client.GetDatabase($"test_{Interlocked.Increment(ref _databaseCount)}");

    /// <summary>The connection string that a service would be given.</summary>
    public string ConnectionString(IMongoDatabase database) => $"mongodb://{_server.Address}/{database.DatabaseNamespace.DatabaseName}";

    /// <summary>As strangers see them.</summary>
    public static IMongoCollection<BsonDocument> Images(IMongoDatabase database) => database.GetCollection<BsonDocument>("image_data");

    /// <summary>As the services do.</summary>
    public static IMongoCollection<StoredImage> Typed(IMongoCollection<BsonDocument> images) =>
        images.Database.GetCollection<StoredImage>("image_data");
}
