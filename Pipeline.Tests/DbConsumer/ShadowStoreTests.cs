using Microsoft.Extensions.Logging.Abstractions;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Pipeline.Contracts;
using Pipeline.DbConsumer;
using Pipeline.Tests.Support;
using static Pipeline.Tests.DbConsumer.AnImage;

namespace Pipeline.Tests.DbConsumer;

/// <summary>What a shadow said, against a store.</summary>
public sealed class ShadowStoreTests : IClassFixture<MongoDBFixture>
{
    private readonly IMongoCollection<BsonDocument> _images;
    private readonly ImageStore _live;
    private readonly ShadowStore _shadow;

    public ShadowStoreTests(MongoDBFixture mongodb)
    {
        _images = MongoDBFixture.Images(mongodb.NewDatabase());
        (_live, _shadow) = (new ImageStore(MongoDBFixture.Typed(_images), new(), Retry(), TimeProvider.System), ShadowIn(_images));
    }

    [Fact]
    public async Task It_stands_beside_the_prediction_and_all_else_stays_as_it_was()
    {
        var image = Of("a");
        await _live.WriteAsync([Both(image, ResultOf(image, "car"))], default);
        var before = await FindAsync("a");

        var missing = await _shadow.WriteAsync([ShadowOf(image, "truck")], default);

        Assert.Empty(missing);
        var after = await FindAsync("a");
        var shadow = after["Shadow"].AsBsonDocument;
        Assert.Equal(["InferredValue", "Confidence", "Model", "InferredAt"], shadow.Names);
        Assert.Equal(("truck", 0.75, "second:2"), (shadow["InferredValue"].AsString, shadow["Confidence"].AsDouble, shadow["Model"].AsString));
        Assert.Equal(Noon.UtcDateTime.AddSeconds(1), shadow["InferredAt"].ToUniversalTime());
        after.Remove("Shadow");
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task The_last_one_takes_the_place_of_those_before_with_all_its_fields()
    {
        var image = Of("a");
        await _live.WriteAsync([Both(image, ResultOf(image))], default);
        string[] own = ["hull", "no hull"];

        await _shadow.WriteAsync([ShadowOf(image, "hull") with { Probabilities = new[] { 0.75f, 0.25f }, ClassLabels = own }], default);
        Assert.Equal(new BsonArray(own), (await FindAsync("a"))["Shadow"]["Labels"]);
        await _shadow.WriteAsync([ShadowOf(image, "ship")], default);

        Assert.Equal(["InferredValue", "Confidence", "Model", "InferredAt"], (await FindAsync("a"))["Shadow"].AsBsonDocument.Names);
    }

    [Fact]
    public async Task Where_no_image_is_none_is_made_and_those_that_are_there_are_written_all_the_same()
    {
        var (there, other, missing) = (Of("a"), Of("b", shade: 2), Of("c"));
        await _live.WriteAsync([Half(there), Half(Of("b", shade: 1))], default);

        var left = await _shadow.WriteAsync([ShadowOf(missing), ShadowOf(there), ShadowOf(other)], default);

        Assert.Equal(["b", "c"], left.Select(result => result.ImageId).Order());
        Assert.Equal(["a", "b"], (await _images.Find(new BsonDocument()).ToListAsync()).Select(document => document["_id"].AsString).Order());
        Assert.True((await FindAsync("a")).Contains("Shadow"));
        Assert.False((await FindAsync("b")).Contains("Shadow"));
    }

    [Fact]
    public async Task An_image_that_has_an_id_of_its_own_because_another_had_its_id_is_found()
    {
        var (first, second) = (Of("a", shade: 1), Of("a", shade: 2));
        await _live.WriteAsync([Both(first, ResultOf(first))], default);
        await _live.WriteAsync([Both(second, ResultOf(second))], default);

        var left = await _shadow.WriteAsync([ShadowOf(second, "frog"), ShadowOf(first, "ship")], default);

        Assert.Empty(left);
        Assert.Equal("ship", (await FindAsync("a"))["Shadow"]["InferredValue"]);
        Assert.Equal("frog", (await FindAsync($"a~{ImageDigest.Of(second).ToString()[..12]}"))["Shadow"]["InferredValue"]);
    }

    [Fact]
    public async Task An_image_that_is_stored_while_the_shadow_is_written_gets_it_or_is_missing()
    {
        var image = Of("a");
        var live = _live;
        var settings = _images.Database.Client.Settings.Clone();
        settings.ClusterConfigurator = cluster => cluster.Subscribe<CommandSucceededEvent>(written =>
        {
            if (written.CommandName == "update" && Interlocked.Exchange(ref live, null) is { } first)
            {
                first.WriteAsync([Both(image, ResultOf(image))], default).GetAwaiter().GetResult();         // the driver's events are not awaited
            }
        });
        using var client = new MongoClient(settings);
        var shadow = ShadowIn(client.GetDatabase(_images.Database.DatabaseNamespace.DatabaseName).GetCollection<BsonDocument>("image_data"));

        var missing = await shadow.WriteAsync([ShadowOf(image)], default);

        Assert.Null(live);
        Assert.Equal(missing.Count == 0, (await FindAsync("a")).Contains("Shadow"));
    }

    private static InferenceResult ShadowOf(CapturedImage image, string inferred = "car") =>
        ResultOf(image, inferred) with { ModelName = "second", ModelVersion = "2" };

    private static ShadowStore ShadowIn(IMongoCollection<BsonDocument> images) =>
        new(MongoDBFixture.Typed(images), Retry(), NullLogger<ShadowStore>.Instance);

    private static StoreRetry Retry() => new(new StoreOptions(), TimeProvider.System, NullLogger<StoreRetry>.Instance);

    private async Task<BsonDocument> FindAsync(string id) => await _images.Find(new BsonDocument("_id", id)).SingleAsync();
}
