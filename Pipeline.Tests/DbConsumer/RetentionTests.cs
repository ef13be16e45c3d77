using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts.Options;
using Pipeline.DbConsumer;
using Pipeline.Tests.Analytics;
using Pipeline.Tests.Support;
using static Pipeline.Tests.DbConsumer.AnImage;

namespace Pipeline.Tests.DbConsumer;

/// <summary>What is older than it is kept goes, and nothing else.</summary>
public sealed class RetentionTests(KafkaFixture kafka, MongoDBFixture mongodb) : IClassFixture<KafkaFixture>, IClassFixture<MongoDBFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly IMongoDatabase _database = mongodb.NewDatabase();

    private IMongoCollection<BsonDocument> Images => MongoDBFixture.Images(_database);

    /// <summary>An hour of a camera's images, a second for each of 3,600, and a clock that runs through it.</summary>
    [Fact]
    public async Task Through_an_hour_pictures_go_when_they_are_ten_minutes_old_and_no_count_changes()
    {
        const int ImageCount = 3_600;
        await Images.InsertManyAsync(Enumerable.Range(0, ImageCount).Select(second =>
            ADocument.Of(
                "camera-1", "ship", second % 3 == 0 ? "car" : "ship", id: $"{second}", capturedAt: Noon.UtcDateTime.AddSeconds(second - 1))));
        var before = await FiguresAsync();
        var clock = new Clock { Now = Noon };
        var retention = new Retention(MongoDBFixture.Typed(Images), new KeepOptions { Images = "10m" }, clock);

        for (var minute = 0; minute <= 60; minute += 5)
        {
            clock.Now = Noon.AddMinutes(minute);
            await retention.RunAsync(default);

            var left = await Images.CountDocumentsAsync("{ 'Image.Data': { $exists: true } }");
            Assert.Equal(ImageCount - 60 * Math.Max(0, minute - 10), left);
        }

        Assert.Equal(before, await FiguresAsync());
        Assert.Equal(
            ImageCount, await Images.CountDocumentsAsync("{ 'Image.Width': 32, 'Image.Format': 'RGB24', InferredValue: { $exists: true } }"));

        async Task<string> FiguresAsync()
        {
            var figures = await Pipeline.Analytics.WrongInferences.AggregateAsync(MongoDBFixture.Typed(Images), default);
            return JsonSerializer.Serialize(
                new { figures.Overall, figures.Producers.Count, Confusion = figures.Confusion.Select(pair => $"{pair}").Order() });
        }
    }

    [Fact]
    public async Task More_of_one_instant_than_one_write_takes_all_go_and_a_new_start_goes_on_where_the_last_one_was()
    {
        await Images.InsertManyAsync(
            Enumerable.Range(0, 1_700).Select(index => ADocument.Of("camera-1", "ship", id: $"{index}", capturedAt: Noon.UtcDateTime)));
        var clock = new Clock { Now = Noon.AddHours(1) };

        Assert.Equal(1_700, await RunAsync());
        Assert.Equal(0, await RunAsync());
        await Images.InsertOneAsync(ADocument.Of("camera-1", "ship", capturedAt: Noon.UtcDateTime.AddHours(2)));
        clock.Now = Noon.AddHours(4);
        Assert.Equal(1, await RunAsync());

        Task<long> RunAsync() => new Retention(MongoDBFixture.Typed(Images), new KeepOptions { Images = "30m" }, clock).RunAsync(default);
    }

    [Fact]
    public async Task An_image_that_comes_again_after_its_picture_has_gone_is_a_repeat()
    {
        var store = ImageStoreTests.StoreOn(Images);
        await store.WriteAsync([Half(Of("a")), Half(Of("old"))], default);
        await Images.UpdateOneAsync("{ _id: 'old' }", "{ $unset: { ImageDigest: '' } }");          // from before there were digests
        await new Retention(MongoDBFixture.Typed(Images), new KeepOptions { Images = "1h" }, new Clock { Now = DateTimeOffset.UtcNow.AddDays(1) })
            .RunAsync(default);

        var outcome = await store.WriteAsync([Half(Of("a")), Half(Of("old"))], default);

        Assert.Equal((2, 0), (outcome.Repeats.Count, outcome.RenamedCount));
        Assert.Equal(0, await Images.CountDocumentsAsync("{ 'Image.Data': { $exists: true } }"));
    }

    [Fact]
    public async Task A_truth_whose_image_never_comes_goes_with_the_documents_of_its_time()
    {
        var store = ImageStoreTests.StoreOn(Images);
        await store.WriteAsync([TruthOf("waits", at: Noon), TruthOf("young", at: Noon.AddDays(2)), TruthOf("came", at: Noon)], default);
        await store.WriteAsync([Half(Of("came"))], default);

        await new Retention(MongoDBFixture.Typed(Images), new KeepOptions { Documents = "1d" }, new Clock { Now = Noon.AddDays(2) })
            .RunAsync(default);

        var left = await Images.Find(new BsonDocument()).Sort(new BsonDocument("_id", 1)).ToListAsync();
        Assert.Equal(["came", "young"], left.Select(document => document["_id"].AsString));
    }

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData("7d", null, "7.00:00:00", null)]
    [InlineData("90s", "2h", "00:01:30", "02:00:00")]
    [InlineData("7d", "1d", null, "1.00:00:00")]                // the documents take their pictures with them
    public void Ages_are_read_with_their_unit(string? images, string? documents, string? ageOfImages, string? ageOfDocuments)
    {
        var keep = new KeepOptions { Images = images, Documents = documents };

        Assert.Equal((ageOfImages, ageOfDocuments), (keep.AgeOfImages()?.ToString(), keep.AgeOfDocuments()?.ToString()));
    }

    [Fact]
    public async Task The_service_removes_pictures_that_are_too_old_and_keeps_what_the_model_said()
    {
        await using var consumer = await ServiceProcess.StartAsync(
            "Pipeline.DbConsumer", ("ConnectionStrings__kafka", kafka.Address),
            ("ConnectionStrings__image-database", mongodb.ConnectionString(_database)), ("Keep__Images", "2s"));
        var image = Of("a");
        await kafka.SendAsync(Pipeline.Contracts.Topics.ImageData, image.Write(), Pipeline.Contracts.MessageEncoding.Protobuf);
        await kafka.SendAsync(Pipeline.Contracts.Topics.InferenceResults, ResultOf(image).Write(), Pipeline.Contracts.MessageEncoding.Protobuf);

        await Polling.UntilAsync(
            async () =>
                await Images.CountDocumentsAsync("{ _id: 'a', InferredValue: 'car', 'Image.Width': 32, 'Image.Data': { $exists: false } }") == 1,
            Limit, () => consumer.Transcript);
        Assert.Equal(0, await consumer.StopAsync());
    }

    [Fact]
    public async Task An_age_that_is_none_is_one_line_and_exit_code_1()
    {
        var result = await ServiceProcess.RunAsync(
            "Pipeline.DbConsumer", [], ("ConnectionStrings__kafka", kafka.Address),
            ("ConnectionStrings__image-database", mongodb.ConnectionString(_database)), ("Keep__Images", "a week"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("a whole number with s, m, h or d", result.Errors, StringComparison.Ordinal);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
