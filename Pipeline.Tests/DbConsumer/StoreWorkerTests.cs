using System.Text;
using Confluent.Kafka;
using Embedded.Tests.Support;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.Support;
using static Pipeline.Tests.DbConsumer.AnImage;

namespace Pipeline.Tests.DbConsumer;

/// <summary>The service as a program, between a broker and a store.</summary>
[Trait("Speed", "slow")]
public sealed class StoreWorkerTests(
    KafkaFixture kafka, MongoDBFixture mongodb) : IClassFixture<KafkaFixture>, IClassFixture<MongoDBFixture>, IAsyncLifetime
{
    private readonly IMongoDatabase _database = mongodb.NewDatabase();
    private ServiceProcess _service = null!;

    private IMongoCollection<BsonDocument> Images => MongoDBFixture.Images(_database);

    public async ValueTask InitializeAsync() => _service = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        Assert.True(await _service.StopAsync() == 0, _service.Transcript);
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Both_encodings_end_as_the_same_kind_of_document()
    {
        var (ours, theirs) = (NewId(), NewId());

        await kafka.SendAsync(Topics.ImageData, Of(ours).Write(), MessageEncoding.Protobuf);
        await kafka.SendAsync(Topics.InferenceResults, ResultOf(ours).Write(), MessageEncoding.Protobuf);
        await kafka.SendAsync(Topics.InferenceResults, ResultOf(theirs).WriteJson());
        await kafka.SendAsync(Topics.ImageData, Of(theirs).AsPng().WriteJson());

        foreach (var (id, format) in new[] { (ours, "RGB24"), (theirs, "PNG") })
        {
            var document = await StoredAsync(id, found => found.Contains("Image") && found.Contains("InferredValue"));
            Assert.Equal(("camera-1", "ship", "car"),
                (document["producer_id"].AsString, document["GroundTruth"].AsString, document["InferredValue"].AsString));
            Assert.Equal(format, document["Image"]["Format"].AsString);
        }
    }

    [Theory]
    [InlineData("text/plain", "hello", nameof(ProblemKind.UnknownEncoding))]
    [InlineData(null, "hello", nameof(ProblemKind.UnknownEncoding))]
    [InlineData(MessageEncoding.Protobuf, "\u000a\u007fcut off", nameof(ProblemKind.BrokenProtobuf))]
    [InlineData(null, """{"ID":"x","producer_id":""", nameof(ProblemKind.BrokenJson))]
    [InlineData(null, """{"ID":"x","producer_id":"camera-1","GroundTruth":"ship"}""", nameof(ProblemKind.MissingField))]
    [InlineData(null, """{"ID":"x","producer_id":"camera-1","GroundTruth":"ship","InferredValue":"sub\nmarine"}""", nameof(ProblemKind.UnknownLabel))]
    public async Task A_result_that_cannot_be_read_becomes_a_dead_letter_with_its_reason_and_holds_up_nothing(
        string? contentType, string value, string reason)
    {
        var good = NewId();

        var bad = await kafka.SendAsync(Topics.InferenceResults, Encoding.Latin1.GetBytes(value), contentType);
        await kafka.SendAsync(Topics.InferenceResults, ResultOf(good).Write(), MessageEncoding.Protobuf);

        await StoredAsync(good, _ => true);
        var letter = await kafka.DeadLetterOfAsync(bad);
        Assert.Equal(reason, letter.Message.Headers.Text(DeadLetterMessage.ReasonHeader));
        Assert.Equal(Encoding.Latin1.GetBytes(value), letter.Message.Value);
    }

    [Fact]
    public async Task An_image_that_cannot_be_read_is_left_to_inference_to_report()
    {
        var good = NewId();

        var bad = await kafka.SendAsync(Topics.ImageData, "not an image"u8.ToArray(), MessageEncoding.Protobuf);
        await kafka.SendAsync(Topics.ImageData, Of(good).Write(), MessageEncoding.Protobuf);

        await StoredAsync(good, _ => true);
        Assert.DoesNotContain(await kafka.DeadLettersAsync(Topics.ImageData),
            letter => letter.Message.Headers.Text(DeadLetterOrigin.OffsetHeader) == $"{bad.Offset.Value}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_truth_of_its_own_finds_its_image_whichever_comes_first(bool isTruthFirst)
    {
        var id = NewId();
        var image = Of(id, truth: null);
        var truth = Encoding.UTF8.GetBytes($$"""{"ID":"{{id}}","GroundTruth":"frog","TruthBy":"Ada"}""");

        await kafka.SendAsync(Topics.ImageData, isTruthFirst ? truth : image.Write(), isTruthFirst ? null : MessageEncoding.Protobuf);
        await StoredAsync(id, _ => true);
        await kafka.SendAsync(Topics.ImageData, isTruthFirst ? image.Write() : truth, isTruthFirst ? MessageEncoding.Protobuf : null);

        var document = await StoredAsync(id, found => found.Contains("Image") && found.Contains("TruthAt"));
        Assert.Equal(("frog", "Ada"), (document["GroundTruth"].AsString, document["TruthBy"].AsString));
        Assert.Equal(1, await Images.CountDocumentsAsync(new BsonDocument("_id", new BsonRegularExpression($"^{id}")), cancellationToken: default));
    }

    [Fact]
    public async Task A_truth_from_a_clock_that_is_far_ahead_can_be_corrected()
    {
        var id = NewId();
        var nextYear = DateTimeOffset.UtcNow.AddYears(1);

        await kafka.SendAsync(
            Topics.ImageData, Encoding.UTF8.GetBytes($$"""{"ID":"{{id}}","GroundTruth":"frog","timestamp":{{nextYear.ToUnixTimeSeconds()}}}"""));
        await StoredAsync(id, document => document["GroundTruth"] == "frog");
        await kafka.SendAsync(Topics.ImageData, Encoding.UTF8.GetBytes($$"""{"ID":"{{id}}","GroundTruth":"cat"}"""));

        await StoredAsync(id, document => document["GroundTruth"] == "cat");
    }

    [Fact]
    public async Task An_id_used_for_two_images_keeps_both()
    {
        var id = NewId();
        var (first, second) = (Of(id, shade: 1), Of(id, shade: 2));

        await kafka.SendAsync(Topics.ImageData, first.Write(), MessageEncoding.Protobuf);
        await StoredAsync(id, _ => true);
        await kafka.SendAsync(Topics.ImageData, second.Write(), MessageEncoding.Protobuf);
        await kafka.SendAsync(Topics.InferenceResults, ResultOf(second, "frog").Write(), MessageEncoding.Protobuf);
        await kafka.SendAsync(Topics.InferenceResults, ResultOf(first, "car").Write(), MessageEncoding.Protobuf);

        var ownId = $"{id}~{ImageDigest.Of(second).ToString()[..12]}";
        foreach (var (documentId, shade, inferred) in new[] { (id, 1, "car"), (ownId, 2, "frog") })
        {
            var document = await StoredAsync(documentId, found => found.Contains("Image") && found.Contains("InferredValue"));
            Assert.Equal((shade, inferred), (document["Image"]["Data"].AsBsonBinaryData.Bytes[0], document["InferredValue"].AsString));
        }
    }

    [Theory]
    [InlineData(1_800_000_000_000_000)]                      // microseconds
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public async Task A_record_with_an_odd_timestamp_is_stored_at_a_plausible_time(long timestamp)
    {
        var (image, result) = (NewId(), NewId());

        await kafka.SendAsync(Topics.ImageData, Of(image).AsPng().WriteJson(), timestamp: timestamp);
        await kafka.SendAsync(Topics.InferenceResults, ResultOf(result).WriteJson(), timestamp: timestamp);

        Assert.InRange((await StoredAsync(image, _ => true))["CapturedAt"].ToUniversalTime().Year, 2026, 2040);
        Assert.InRange((await StoredAsync(result, _ => true))["InferredAt"].ToUniversalTime().Year, 2026, 2040);
    }

    [Fact]
    public async Task A_killed_consumer_loses_nothing_and_leaves_no_duplicate()
    {
        const int ImageCount = 1_500;
        var prefix = NewId();

        var sending = Task.WhenAll(Enumerable.Range(0, ImageCount).Select(async index =>
        {
            await kafka.SendAsync(Topics.ImageData, Of($"{prefix}-{index}").Write(), MessageEncoding.Protobuf);
            await kafka.SendAsync(Topics.InferenceResults, ResultOf($"{prefix}-{index}").Write(), MessageEncoding.Protobuf);
        }));
        await EventuallyAsync(async () => await CountAsync() > 0);
        await _service.KillAsync();
        await _service.DisposeAsync();
        _service = await StartAsync();
        await sending;

        await EventuallyAsync(async () => await CountAsync() == ImageCount);

        Task<long> CountAsync() => Images.CountDocumentsAsync(
            new BsonDocument
            {
                { "_id", new BsonDocument { { "$gte", prefix }, { "$lt", prefix + "~" } } },
                { "Image", new BsonDocument("$exists", true) },
                { "InferredValue", "car" },
            }, cancellationToken: default);
    }

    private Task<ServiceProcess> StartAsync() => ServiceProcess.StartAsync(
        "Pipeline.DbConsumer",
        ("ConnectionStrings__kafka", kafka.Address),
        ("ConnectionStrings__image-database", mongodb.ConnectionString(_database)));

    private static string NewId() => Guid.CreateVersion7().ToString();

    private async Task<BsonDocument> StoredAsync(string id, Predicate<BsonDocument> isReady)
    {
        BsonDocument? found = null;
        await EventuallyAsync(async () =>
        {
            found = await Images.Find(new BsonDocument("_id", id)).FirstOrDefaultAsync(cancellationToken: default);
            return found is not null && isReady(found);
        });
        return found!;
    }

    private Task EventuallyAsync(Func<Task<bool>> condition) => Polling.UntilAsync(condition, TimeSpan.FromSeconds(30), () => _service.Transcript);
}
