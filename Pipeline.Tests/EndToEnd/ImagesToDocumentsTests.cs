using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Embedded.Tests.Support;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.Tests.Support;
using SkiaSharp;

namespace Pipeline.Tests.EndToEnd;

/// <summary>One run of 2 cameras with 300 noisy test images each, which all tests of this class look at.</summary>
public sealed class ImagesToDocuments : IAsyncLifetime
{
    public const int Sent = 600;

    internal RunningPipeline Pipeline { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Pipeline = await RunningPipeline.StartAsync("--Producers", "2", "--Images", "300", "--Rate", "0");
        await Pipeline.StoredAsync(Sent, TimeSpan.FromMinutes(2));
    }

    public ValueTask DisposeAsync() => Pipeline.DisposeAsync();
}

[Trait("Speed", "slow")]
public sealed class ImagesToDocumentsTests(ImagesToDocuments run) : IClassFixture<ImagesToDocuments>
{
    private static readonly BsonDocument OfCameras = new("producer_id", new BsonDocument("$regex", "^camera-"));

    private RunningPipeline Pipeline => run.Pipeline;

    [Fact]
    public async Task Every_image_ends_as_one_document_with_pixels_and_prediction()
    {
        var documents = await (await Pipeline.Images.FindAsync<BsonDocument>(OfCameras)).ToListAsync();

        Assert.Equal(ImagesToDocuments.Sent, documents.Count);
        Assert.All(documents, document =>
        {
            Assert.Contains(document["GroundTruth"].AsString, Labels.All);
            Assert.Contains(document["InferredValue"].AsString, Labels.All);
            Assert.InRange(document["Confidence"].ToDouble(), 0.1, 1.0);
            Assert.Equal(32 * 32 * 3, document["Image"]["Data"].AsBsonBinaryData.Bytes.Length);
            Assert.True(document["CapturedAt"].ToUniversalTime() <= document["StoredAt"].ToUniversalTime());
        });
    }

    [Fact]
    public async Task The_model_is_right_on_most_noisy_images()
    {
        var right = await Pipeline.Images.CountDocumentsAsync(
            new BsonDocument
            {
                OfCameras.Elements.Single(),
                { "$expr", new BsonDocument("$eq", new BsonArray { "$InferredValue", "$GroundTruth" }) },
            });

        // 0.91 on all 10,000; five standard deviations below it on 600.
        Assert.InRange(right / (double)ImagesToDocuments.Sent, 0.85, 1.0);
    }

    [Fact]
    public async Task The_predecessors_query_gives_the_figures_of_the_api()
    {
        var query = (PipelineDefinition<BsonDocument, BsonDocument>)new[]
        {
            BsonDocument.Parse("""{ $group: { _id: null, total: { $sum: 1 }, correct: { $sum: { $cond: [{ $eq: ["$InferredValue", "$GroundTruth"] }, 1, 0] } } } }"""),
            BsonDocument.Parse("""{ $project: { _id: 0, total: 1, correct: 1, accuracy: { $divide: ["$correct", "$total"] } } }"""),
        };

        var (figures, api) = (new BsonDocument(), default(JsonElement));
        await Polling.UntilAsync(                            // analytics' figures may be half a second old
            async () =>
            {
                figures = await (await Pipeline.Images.AggregateAsync(query)).SingleAsync();
                api = await Pipeline.Analytics.GetFromJsonAsync<JsonElement>("/api/accuracy");
                return figures["total"].ToInt64() == api.GetProperty("total").GetInt64() && api.GetProperty("notYetInferred").GetInt64() == 0;
            },
            TimeSpan.FromSeconds(30), () => $"store: {figures}, analytics: {api}");

        Assert.Equal(figures["correct"].ToInt64(), api.GetProperty("correct").GetInt64());
        Assert.Equal(100 * figures["accuracy"].ToDouble(), api.GetProperty("accuracyPercent").GetDouble(), 0.005 + 1e-9);
    }

    [Theory]
    [InlineData("broker")]
    [InlineData("mongodb")]
    public async Task The_dashboard_shows_an_embedded_server_with_its_process_and_at_the_top(string server)
    {
        var properties = (await Pipeline.ShownAsync(server)).Properties.ToDictionary(property => property.Name, property => property.Value);

        Assert.Contains("executable.pid", properties.Keys);
        Assert.DoesNotContain("resource.parentName", properties.Keys);           // below a parent that it is itself it would be shown nowhere
    }

    [Fact]
    public async Task Old_json_sent_with_kcat_ends_as_a_document()
    {
        var kcat = Installed.Program("kcat", "apt-get install kcat");
        var (png, label) = await APictureAsync();
        var message = $$"""{"ID": "42", "producer_id": "old-camera", "GroundTruth": "{{label}}", "Data": "{{Convert.ToBase64String(png)}}"}""";

        (await ClientProgram.RunAsync(kcat, ["-P", "-b", Pipeline.Kafka, "-t", "image_data"], message + "\n")).Succeeded();

        BsonDocument? document = null;
        await Polling.UntilAsync(
            async () => (document = await Pipeline.Images.Find(new BsonDocument
            {
                { "producer_id", "old-camera" }, { "InferredValue", new BsonDocument("$exists", true) },
                { "Image", new BsonDocument("$exists", true) },
            }).FirstOrDefaultAsync()) is not null,
            TimeSpan.FromSeconds(30), () => "no document of old-camera holds a prediction");
        Assert.Equal(label, document!["GroundTruth"].AsString);
    }

    [Fact]
    public async Task A_jpeg_of_a_real_cameras_size_is_classified_stored_as_it_came_and_shown()
    {
        var jpeg = APicture.Encode(APicture.Quarters(640, 480), SKEncodedImageFormat.Jpeg, quality: 90);
        var message = $$"""{"ID": "a-jpeg", "producer_id": "webcam", "GroundTruth": "ship", "Data": "{{Convert.ToBase64String(jpeg)}}"}""";
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = Pipeline.Kafka }).Build();

        await producer.ProduceAsync("image_data", new Message<string, byte[]> { Key = "webcam", Value = Encoding.UTF8.GetBytes(message) });

        BsonDocument? document = null;
        await Polling.UntilAsync(
            async () => (document = await Pipeline.Images.Find(new BsonDocument
            {
                { "_id", "a-jpeg" }, { "InferredValue", new BsonDocument("$exists", true) }, { "Image", new BsonDocument("$exists", true) },
            }).FirstOrDefaultAsync()) is not null,
            TimeSpan.FromSeconds(30), () => "the JPEG has no document with a prediction");
        var image = document!["Image"];
        Assert.Equal(("JPEG", 640, 480), (image["Format"].AsString, image["Width"].AsInt32, image["Height"].AsInt32));
        Assert.Equal(jpeg, image["Data"].AsBsonBinaryData.Bytes);
        var shown = APicture.Pixels(await Pipeline.Analytics.GetByteArrayAsync("/api/images/a-jpeg/png"));
        Assert.Equal((640, 480), (shown.Width, shown.Height));
    }

    [Fact]
    public async Task Infer_answers_as_the_old_model_server_did()
    {
        using var inference = Pipeline.HttpClientFor("inference");
        var (png, _) = await APictureAsync();

        using var answer = await inference.PostAsJsonAsync("/infer", new { image = Convert.ToBase64String(png) });
        using var refusal = await inference.PostAsJsonAsync("/infer", new { image = "bm90IGEgUE5H" });

        var inferred = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("InferredValue").GetString();
        Assert.Contains(inferred, Labels.All);
        Assert.Equal(HttpStatusCode.BadRequest, refusal.StatusCode);
        Assert.Contains("PNG", await refusal.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_goes_to_the_dead_letters_and_holds_up_nothing()
    {
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = Pipeline.Kafka }).Build();
        var before = (await Pipeline.ProgressAsync()).GetProperty("deadLettered").GetInt64();

        await producer.ProduceAsync("image_data", new Message<string, byte[]> { Key = "broken", Value = Encoding.UTF8.GetBytes("{\"ID\": 1}") });

        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = Pipeline.Kafka,
            GroupId = "test",
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
        consumer.Subscribe("image_data.dlq");
        var letter = consumer.Consume(TimeSpan.FromSeconds(30));
        consumer.Close();
        Assert.Equal("broken", letter?.Message.Key);
        await Polling.UntilAsync(
            async () => (await Pipeline.ProgressAsync()).GetProperty("deadLettered").GetInt64() > before,
            TimeSpan.FromSeconds(30), () => $"more than {before} dead letters counted");
    }

    /// <summary>A picture that the pipeline already knows, as a PNG file, with its label.</summary>
    private async Task<(byte[] Png, string Label)> APictureAsync()
    {
        var document = await Pipeline.Images.Find(OfCameras).FirstAsync();
        return (await Pipeline.Analytics.GetByteArrayAsync($"/api/images/{document["_id"].AsString}/png"), document["GroundTruth"].AsString);
    }
}
