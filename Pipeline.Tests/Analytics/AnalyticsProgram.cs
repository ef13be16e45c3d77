using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Analytics;

/// <summary>The service as a program, on a database of the test's own.</summary>
public abstract class AnalyticsProgram(
    KafkaFixture kafka, MongoDBFixture mongodb) : IClassFixture<KafkaFixture>, IClassFixture<MongoDBFixture>, IAsyncLifetime
{
    private readonly IMongoDatabase _database = mongodb.NewDatabase();
    private ServiceProcess _service = null!;

    protected KafkaFixture Kafka => kafka;

    protected IMongoCollection<BsonDocument> Images => MongoDBFixture.Images(_database);

    private protected ServiceProcess Service => _service;

    public async ValueTask InitializeAsync() => _service = await ServiceProcess.StartAsync(
        "Pipeline.Analytics",
        ("ConnectionStrings__kafka", kafka.Address),
        ("ConnectionStrings__image-database", mongodb.ConnectionString(_database)));

    public async ValueTask DisposeAsync()
    {
        Assert.True(await _service.StopAsync() == 0, _service.Transcript);
        await _service.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
