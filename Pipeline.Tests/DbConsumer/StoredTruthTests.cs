using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.DbConsumer;
using Pipeline.Tests.Support;
using static Pipeline.Tests.DbConsumer.AnImage;

namespace Pipeline.Tests.DbConsumer;

/// <summary>Images without a truth, and truths that are given before or after their images, against a store.</summary>
public sealed class StoredTruthTests : IClassFixture<MongoDBFixture>
{
    private readonly IMongoCollection<BsonDocument> _images;
    private readonly ImageStore _store;

    public StoredTruthTests(MongoDBFixture mongodb)
    {
        _images = MongoDBFixture.Images(mongodb.NewDatabase());
        _store = ImageStoreTests.StoreOn(_images);
    }

    [Fact]
    public async Task Without_a_truth_the_field_is_absent_however_the_halves_come()
    {
        var (whole, first, second) = (Of("whole", truth: null), Of("image first", truth: null), Of("result first", truth: null));
        await _store.WriteAsync([Both(whole, ResultOf(whole))], default);
        await _store.WriteAsync([Half(first)], default);
        await _store.WriteAsync([Half(ResultOf(first))], default);
        await _store.WriteAsync([Half(ResultOf(second))], default);
        await _store.WriteAsync([Half(second)], default);

        var documents = await _images.Find(new BsonDocument()).ToListAsync();
        Assert.Equal(3, documents.Count);
        Assert.All(documents,
            document => Assert.True(document.Contains("Image") && document.Contains("InferredValue") && !document.Contains("GroundTruth")));
    }

    [Theory]
    [InlineData("truth, image, result", "ship")]
    [InlineData("truth, image, result", null)]
    [InlineData("truth, result, image", "ship")]
    [InlineData("truth, both", "ship")]
    [InlineData("truth, both", null)]
    [InlineData("image, truth, result", "ship")]
    [InlineData("result, truth, image", "ship")]
    [InlineData("result, truth, image", null)]
    [InlineData("both, truth", null)]
    [InlineData("both, truth", "ship")]
    public async Task A_given_truth_stays_whatever_came_before_it_and_comes_after_it(string order, string? sent)
    {
        var image = Of("a", truth: sent);
        foreach (var what in order.Split(", "))
        {
            switch (what)
            {
                case "truth":
                    Assert.Empty(await _store.WriteAsync([TruthOf("a")], default));
                    break;
                default:
                    var upsert = what switch { "image" => Half(image), "result" => Half(ResultOf(image)), _ => Both(image, ResultOf(image)) };
                    Assert.Equal((0, 0, 0), await _store.WriteAsync([upsert], default) is var (repeats, renamed, refused) ? (repeats.Count, renamed,
                        refused.Count) : default);
                    break;
            }
        }

        var document = await _images.Find(new BsonDocument()).SingleAsync();
        Assert.Equal(("a", "frog", "Ada", Noon.AddHours(1).UtcDateTime),
            (document["_id"].AsString, document["GroundTruth"].AsString, document["TruthBy"].AsString, document["TruthAt"].ToUniversalTime()));
        Assert.Equal(("camera-1", "car", true), (document["producer_id"].AsString, document["InferredValue"].AsString, document.Contains("Image")));
    }

    [Fact]
    public async Task The_image_that_comes_again_after_its_truth_is_a_repeat()
    {
        await _store.WriteAsync([Half(Of("a"))], default);
        await _store.WriteAsync([TruthOf("a")], default);

        var outcome = await _store.WriteAsync([Half(Of("a"))], default);

        Assert.Equal((1, 0), (outcome.Repeats.Count, outcome.RenamedCount));
        Assert.Equal("frog", (await _images.Find(new BsonDocument()).SingleAsync())["GroundTruth"].AsString);
    }

    [Fact]
    public async Task Of_several_truths_the_one_said_last_stays_in_whatever_order_they_are_written_and_written_again()
    {
        var (first, last) = (TruthOf("a", "cat", at: Noon), TruthOf("a", "dog", "Grace", Noon.AddMinutes(1)));

        foreach (var truths in new[] { new[] { last }, [first], [first, last], [last, first] })
        {
            await _store.WriteAsync(truths, default);
        }

        var document = await _images.Find(new BsonDocument()).SingleAsync();
        Assert.Equal(("dog", "Grace"), (document["GroundTruth"].AsString, document["TruthBy"].AsString));
    }
}
