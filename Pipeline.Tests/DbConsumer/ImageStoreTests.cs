using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.DbConsumer;
using Pipeline.Tests.Support;
using static Pipeline.Tests.DbConsumer.AnImage;

namespace Pipeline.Tests.DbConsumer;

/// <summary>What is written, against a store.</summary>
public sealed class ImageStoreTests : IClassFixture<MongoDBFixture>
{
    private readonly IMongoCollection<BsonDocument> _images;
    private readonly ImageStore _store;

    public ImageStoreTests(MongoDBFixture mongodb)
    {
        _images = MongoDBFixture.Images(mongodb.NewDatabase());
        _store = StoreOn(_images);
    }

    [Fact]
    public async Task A_document_has_the_names_and_types_that_users_query()
    {
        await _store.WriteAsync([Both(Of("a"), ResultOf("a"))], default);

        var document = await FindAsync("a");
        Assert.Equal(
            ["CapturedAt", "Confidence", "GroundTruth", "Image", "ImageDigest", "InferredAt", "InferredValue", "Model", "StoredAt", "_id",
                "producer_id"],
            document.Names.Order(StringComparer.Ordinal));
        Assert.Equal("camera-1", document["producer_id"].AsString);
        Assert.Equal("ship", document["GroundTruth"].AsString);
        Assert.Equal("car", document["InferredValue"].AsString);
        Assert.Equal(0.75, document["Confidence"].AsDouble);
        Assert.Equal("resnet20-cifar10:1", document["Model"].AsString);
        Assert.Equal(Noon.UtcDateTime, document["CapturedAt"].ToUniversalTime());
        Assert.Equal(Noon.UtcDateTime.AddSeconds(1), document["InferredAt"].ToUniversalTime());
        Assert.Equal(BsonType.DateTime, document["StoredAt"].BsonType);
        var image = document["Image"].AsBsonDocument;
        Assert.Equal((32, 32, "RGB24", 3072),
            (image["Width"].AsInt32, image["Height"].AsInt32, image["Format"].AsString, image["Data"].AsBsonBinaryData.Bytes.Length));
    }

    [Theory]
    [InlineData("00:00:03", true)]
    [InlineData("-1.00:00:00", true)]
    [InlineData("01:00:00", false)]
    [InlineData("365.00:00:00", false)]
    [InlineData("-3650.00:00:00", false)]
    public async Task An_implausible_capture_time_is_marked_kept_and_stood_in_for_by_the_arrival(string offset, bool isPlausible)
    {
        var claimed = DateTimeOffset.UtcNow + TimeSpan.Parse(offset, CultureInfo.InvariantCulture);

        await _store.WriteAsync([Half(Of("a") with { CapturedAt = claimed })], default);

        var document = await FindAsync("a");
        var milliseconds = claimed.ToUnixTimeMilliseconds();
        Assert.Equal(isPlausible ? milliseconds : document["StoredAt"].AsBsonDateTime.MillisecondsSinceEpoch,
            document["CapturedAt"].AsBsonDateTime.MillisecondsSinceEpoch);
        Assert.Equal(isPlausible ? null : (long?)milliseconds, document.GetValue("ClaimedCapturedAt", null)?.AsBsonDateTime.MillisecondsSinceEpoch);

        var again = await _store.WriteAsync([Half(Of("a") with { CapturedAt = claimed })], default);
        Assert.Equal((1, document), (again.Repeats.Count, await FindAsync("a")));
    }

    [Fact]
    public async Task Halves_in_either_order_and_together_make_the_same_document()
    {
        await _store.WriteAsync([Half(Of("image first"))], default);
        await _store.WriteAsync([Half(ResultOf("image first"))], default);
        await _store.WriteAsync([Half(ResultOf("result first"))], default);
        await _store.WriteAsync([Half(Of("result first"))], default);
        await _store.WriteAsync([Both(Of("together"), ResultOf("together"))], default);

        var expected = await ComparableAsync("together");
        Assert.Equal(expected, await ComparableAsync("image first"));
        Assert.Equal(expected, await ComparableAsync("result first"));
    }

    [Fact]
    public async Task Probabilities_of_a_model_of_ones_own_are_stored_by_the_name_of_their_class()
    {
        var own = ResultOf("a", "weld") with { Probabilities = new[] { 0.75f, 0.25f }, ClassLabels = ["weld", "no weld"] };

        await _store.WriteAsync([Both(Of("a"), own)], default);

        var document = await FindAsync("a");
        Assert.Equal(new BsonArray { "weld", "no weld" }, document["Labels"]);
        Assert.Equal(new BsonArray { 0.75, 0.25 }, document["Probabilities"]);
    }

    [Fact]
    public async Task A_later_prediction_of_another_model_leaves_no_class_names_of_the_first()
    {
        await _store.WriteAsync([Both(Of("a"), ResultOf("a", "weld") with
        {
            Probabilities = new float[10],
            ClassLabels = [.. Enumerable.Range(0, 10).Select(label => $"{label}")],
        })], default);

        await _store.WriteAsync([Half(ResultOf(Of("a")) with { Probabilities = new float[10] })], default);

        var document = await FindAsync("a");
        Assert.Equal("car", document["InferredValue"].AsString);
        Assert.False(document.Contains("Labels"));
    }

    [Fact]
    public async Task A_result_alone_says_whose_image_it_is_and_what_is_on_it()
    {
        await _store.WriteAsync([Half(ResultOf("a"))], default);

        var document = await FindAsync("a");
        Assert.Equal(("camera-1", "ship"), (document["producer_id"].AsString, document["GroundTruth"].AsString));
        Assert.False(document.Contains("Image"));
    }

    [Fact]
    public async Task What_the_image_says_of_itself_wins_over_what_its_result_says()
    {
        await _store.WriteAsync([Half(ResultOf("a", producer: "unknown", truth: "cat"))], default);
        await _store.WriteAsync([Half(Of("a"))], default);

        var document = await FindAsync("a");
        Assert.Equal(("camera-1", "ship"), (document["producer_id"].AsString, document["GroundTruth"].AsString));
    }

    [Fact]
    public async Task An_image_delivered_again_is_a_repeat_and_changes_nothing()
    {
        await _store.WriteAsync([Both(Of("a"), ResultOf("a"))], default);
        var before = await FindAsync("a");

        var outcome = await _store.WriteAsync([Half(Of("a")), Half(Of("b"))], default);

        Assert.Equal(["a"], outcome.Repeats.Select(upsert => upsert.Id));
        Assert.Equal(0, outcome.RenamedCount);
        Assert.Equal(before, await FindAsync("a"));
        Assert.True((await FindAsync("b")).Contains("Image"));
    }

    [Theory]
    [InlineData("image, result")]
    [InlineData("result, image")]
    [InlineData("both")]
    public async Task Another_image_under_a_known_id_has_a_document_of_its_own_and_no_prediction_lands_on_the_wrong_one(string order)
    {
        var (first, second) = (Of("a", shade: 1), Of("a", shade: 2));
        await _store.WriteAsync([Both(first, ResultOf(first, "car"))], default);

        ImageUpsert[] halves = order switch
        {
            "image, result" => [Half(second), Half(ResultOf(second, "frog"))],
            "result, image" => [Half(ResultOf(second, "frog")), Half(second)],
            _ => [Both(second, ResultOf(second, "frog"))],
        };
        var renamed = 0;
        foreach (var half in halves)
        {
            renamed += (await _store.WriteAsync([half], default)).RenamedCount;
        }

        foreach (var half in halves)
        {
            Assert.Equal(0, (await _store.WriteAsync([half], default)).RenamedCount);        // delivered again
        }

        Assert.Equal(1, renamed);
        var documents = await _images.Find(new BsonDocument()).Sort(new BsonDocument("_id", 1)).ToListAsync(cancellationToken: default);
        Assert.Equal(
            [("a", (byte)1, "car"), ($"a~{ImageDigest.Of(second).ToString()[..12]}", (byte)2, "frog")],
            documents.Select(
                document => (document["_id"].AsString, document["Image"]["Data"].AsBsonBinaryData.Bytes[0], document["InferredValue"].AsString)));
    }

    [Fact]
    public async Task A_camera_that_counts_from_1_again_loses_nothing_and_spoils_nothing()
    {
        foreach (var shade in (byte[])[1, 2])
        {
            await _store.WriteAsync(
                [.. Enumerable.Range(1, 10).Select(index => Of($"gate-{index}", shade)).Select(image => Both(image, ResultOf(image, $"{shade}")))],
                default);
        }

        var documents = await _images.Find(new BsonDocument()).ToListAsync(cancellationToken: default);
        Assert.Equal(20, documents.Count);
        Assert.All(documents, document => Assert.Equal($"{document["Image"]["Data"].AsBsonBinaryData.Bytes[0]}", document["InferredValue"].AsString));
    }

    [Fact]
    public async Task What_an_index_of_a_user_refuses_is_refused_alone_with_its_reason()
    {
        await _images.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(
                new BsonDocument { { "producer_id", 1 }, { "CapturedAt", 1 } }, new CreateIndexOptions { Unique = true, Name = "mine" }),
            cancellationToken: default);

        var outcome = await _store.WriteAsync([Half(Of("a")), Half(Of("b")), Half(Of("c", producer: "camera-2"))], default);

        var (refused, reason) = Assert.Single(outcome.Refused);
        Assert.Equal("b", refused.Id);
        Assert.Contains("mine", reason, StringComparison.Ordinal);
        Assert.Equal(2, await _images.CountDocumentsAsync(new BsonDocument(), cancellationToken: default));
    }

    [Theory]
    [InlineData("""{ "Image": "text" }""")]
    [InlineData("""{ "Image": null }""")]
    [InlineData("""{ "Image": [ 1 ], "producer_id": 7 }""")]
    [InlineData("""{ "Image": { "Data": 7, "Width": "32" } }""")]
    [InlineData("""{ "ImageDigest": 7 }""")]
    [InlineData("""{ "ImageDigest": "text", "Image": { "Width": 32 } }""")]
    public async Task A_strangers_document_under_the_id_is_another_image_whatever_it_holds(string strange)
    {
        var stranger = new BsonDocument("_id", "a").AddRange(BsonDocument.Parse(strange));
        await _images.InsertOneAsync(stranger);

        var outcome = await _store.WriteAsync([Both(Of("a"), ResultOf(Of("a")))], default);

        Assert.Equal((0, 1), (outcome.Repeats.Count, outcome.RenamedCount));
        Assert.Equal(stranger, await FindAsync("a"));
        Assert.Equal("car", (await FindAsync($"a~{ImageDigest.Of(Of("a")).ToString()[..12]}"))["InferredValue"].AsString);
    }

    [Fact]
    public async Task A_new_result_for_an_old_image_replaces_the_old_one()
    {
        await _store.WriteAsync([Both(Of("a"), ResultOf("a", "car"))], default);
        await _store.WriteAsync([Half(ResultOf("a", "ship"))], default);

        Assert.Equal("ship", (await FindAsync("a"))["InferredValue"].AsString);
    }

    [Fact]
    public async Task Writers_of_the_two_halves_may_interleave_in_any_way_and_repeat_themselves()
    {
        const int Seed = 20260301, ImageCount = 300, WriterCount = 8, BatchSize = 20;
        var halves = Enumerable.Range(0, ImageCount)
            .SelectMany(index => Enumerable.Repeat($"{index}", 4).Select((id, copy) => (id, isImage: copy < 2))).ToArray();
        new Random(Seed).Shuffle(halves);

        await Task.WhenAll(halves.Chunk(halves.Length / WriterCount).Select(async work =>
        {
            foreach (var chunk in work.Chunk(BatchSize))
            {
                var pending = new PendingImages();
                foreach (var (id, isImage) in chunk)
                {
                    if (isImage)
                    {
                        pending.TryAdd(Of(id), Record());
                    }
                    else
                    {
                        pending.Add(ResultOf(id), Record());
                    }
                }
                var outcome = await _store.WriteAsync(pending.TakeDue(DateTimeOffset.MaxValue), default);
                Assert.Equal(0, outcome.RenamedCount);
            }
        }));

        var documents = await _images.Find(new BsonDocument()).ToListAsync(cancellationToken: default);
        Assert.Equal(ImageCount, documents.Count);
        Assert.All(documents, document => Assert.True(document.Contains("Image") && document.Contains("InferredValue"), document["_id"].AsString));
    }

    [Fact]
    public async Task The_index_for_the_latest_images_is_made_once_however_often_it_is_asked_for()
    {
        await _store.EnsureIndexesAsync(default);
        await _store.EnsureIndexesAsync(default);

        using var cursor = await _images.Indexes.ListAsync(cancellationToken: default);
        var indexes = await cursor.ToListAsync(cancellationToken: default);
        Assert.Equal(["StoredAt_-1", "_id_"], indexes.Select(index => index["name"].AsString).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task How_long_documents_are_kept_is_told_to_the_store_and_may_change()
    {
        foreach (var (age, seconds) in ((string?, int?)[])[(null, null), ("90d", 90 * 86_400), ("90d", 90 * 86_400), ("2h", 7_200), (null, null)])
        {
            await StoreOn(_images, keep: new() { Documents = age }).EnsureIndexesAsync(default);

            var index = (await (await _images.Indexes.ListAsync()).ToListAsync()).Single(one => one["name"] == "StoredAt_-1");
            Assert.Equal(seconds, index.TryGetValue("expireAfterSeconds", out var expire) ? expire.ToInt32() : null);
        }
    }

    internal static ImageStore StoreOn(IMongoCollection<BsonDocument> images, TimeSpan? startWithin = null, KeepOptions? keep = null) => new(
        MongoDBFixture.Typed(images),
        keep ?? new(),
        new StoreRetry(
            new StoreOptions { StartWithin = startWithin ?? TimeSpan.FromSeconds(20) }, TimeProvider.System, NullLogger<StoreRetry>.Instance),
        TimeProvider.System);

    private async Task<BsonDocument> FindAsync(string id) =>
        await _images.Find(new BsonDocument("_id", id)).FirstOrDefaultAsync(cancellationToken: default)
        ?? throw new InvalidOperationException($"There is no document {id}.");

    /// <summary>A document without what differs from image to image, its fields in order of name.</summary>
    private async Task<BsonDocument> ComparableAsync(string id)
    {
        var document = await FindAsync(id);
        document.Remove("_id");
        document.Remove("StoredAt");
        return new BsonDocument(document.Elements.OrderBy(element => element.Name, StringComparer.Ordinal));
    }
}
