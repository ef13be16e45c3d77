using Embedded.Tests.Support;
using MongoDB.Bson;
using MongoDB.Driver;
using Xunit;

namespace Embedded.Tests.Driver;

/// <summary>One embedded server and one client for the tests of a class; each test takes a collection of its own.</summary>
public sealed class DriverFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private ServerProcess _server = null!;
    private int _collectionCount;

    internal MongoClient Client { get; private set; } = null!;

    internal string ConnectionString => $"mongodb://{_server.Address}/driver_tests";

    public async ValueTask InitializeAsync()
    {
        _server = await ServerProcess.StartMongoDBAsync(_folder.Path);
        Client = new MongoClient(ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }

    internal IMongoCollection<BsonDocument> NewCollection() =>
        Client.GetDatabase("driver_tests").GetCollection<BsonDocument>($"c{Interlocked.Increment(ref _collectionCount)}");
}
