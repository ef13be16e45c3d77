using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.Tests.Support;
using static Pipeline.Tests.DbConsumer.AnImage;

namespace Pipeline.Tests.DbConsumer;

/// <summary>The service as a program, where a second model runs in the shadow of the first.</summary>
[Trait("Speed", "slow")]
public sealed class ShadowWorkerTests(KafkaFixture kafka, MongoDBFixture mongodb)
    : IClassFixture<KafkaFixture>, IClassFixture<MongoDBFixture>, IAsyncLifetime
{
    private readonly IMongoDatabase _database = mongodb.NewDatabase();
    private ServiceProcess _service = null!;

    public async ValueTask InitializeAsync() => _service = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        Assert.True(await _service.StopAsync() == 0, _service.Transcript);
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task What_a_shadow_says_before_the_image_is_there_joins_it_and_what_is_none_is_passed_over()
    {
        var image = Of(Guid.CreateVersion7().ToString());
        await kafka.SendAsync(Topics.ShadowResults, "no result"u8.ToArray(), MessageEncoding.Protobuf);
        await kafka.SendAsync(Topics.ShadowResults, Young(image, "truck").Write(), MessageEncoding.Protobuf);
        await Polling.UntilAsync(
            () => Task.FromResult(_service.Transcript.Contains("is no prediction of a shadow", StringComparison.Ordinal)), TimeSpan.FromSeconds(30), () => _service.Transcript);
        Assert.Equal(0, await Documents.CountDocumentsAsync(new BsonDocument()));

        await kafka.SendAsync(Topics.ImageData, image.Write(), MessageEncoding.Protobuf);
        await kafka.SendAsync(Topics.InferenceResults, Young(image, "car").Write(), MessageEncoding.Protobuf);

        var document = await ShadowedAsync(image.Id);
        Assert.Equal(("car", "truck", "ship"), (document["InferredValue"].AsString, document["Shadow"]["InferredValue"].AsString, document["GroundTruth"].AsString));
        Assert.Equal("Healthy", await _service.Http.GetStringAsync("/health"));
        Assert.Empty(await kafka.DeadLettersAsync(Topics.InferenceResults));
    }

    [Fact]
    public async Task Killed_before_it_has_written_it_writes_after_the_next_start()
    {
        CapturedImage[] images = [.. Enumerable.Range(0, 200).Select(_ => Of(Guid.CreateVersion7().ToString()))];
        foreach (var image in images)
        {
            await kafka.SendAsync(Topics.ImageData, image.Write(), MessageEncoding.Protobuf);
            await kafka.SendAsync(Topics.InferenceResults, Young(image, "car").Write(), MessageEncoding.Protobuf);
            await kafka.SendAsync(Topics.ShadowResults, Young(image, "truck").Write(), MessageEncoding.Protobuf);
        }

        await _service.KillAsync();
        await _service.DisposeAsync();
        _service = await StartAsync();

        await Task.WhenAll(images.Select(image => ShadowedAsync(image.Id)));
    }

    private IMongoCollection<BsonDocument> Documents => MongoDBFixture.Images(_database);

    /// <summary>Of an image that was taken just now.</summary>
    private static InferenceResult Young(CapturedImage image, string inferred) =>
        ResultOf(image, inferred) with { CapturedAt = Noon, InferredAt = Noon.AddMilliseconds(20) };

    private async Task<BsonDocument> ShadowedAsync(string id)
    {
        BsonDocument? found = null;
        var hasShadow = new BsonDocument { { "_id", id }, { "Shadow", new BsonDocument("$exists", true) } };
        await Polling.UntilAsync(
            async () => (found = await Documents.Find(hasShadow).FirstOrDefaultAsync()) is not null,
            TimeSpan.FromSeconds(60), () => _service.Transcript);
        return found!;
    }

    private Task<ServiceProcess> StartAsync() => ServiceProcess.StartAsync(
        "Pipeline.DbConsumer",
        ("ConnectionStrings__kafka", kafka.Address), ("ConnectionStrings__image-database", mongodb.ConnectionString(_database)), ("Topics__Shadow", Topics.ShadowResults));
}
