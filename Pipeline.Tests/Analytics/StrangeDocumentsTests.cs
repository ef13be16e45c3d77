using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Embedded.Tests.Support;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts.Pixels;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Analytics;

/// <summary>Documents and addresses that others wrote, as the service answers to them.</summary>
[Trait("Speed", "slow")]
public sealed class StrangeDocumentsTests(
    KafkaFixture kafka, MongoDBFixture mongodb) : IClassFixture<KafkaFixture>, IClassFixture<MongoDBFixture>, IAsyncLifetime
{
    private readonly IMongoDatabase _database = mongodb.NewDatabase();
    private readonly TemporaryFolder _folder = new();
    private ServiceProcess _service = null!;

    private IMongoCollection<BsonDocument> Images => MongoDBFixture.Images(_database);

    public async ValueTask InitializeAsync() => _service = await ServiceProcess.StartAsync(
        "Pipeline.Analytics",
        ("ConnectionStrings__kafka", kafka.Address),
        ("ConnectionStrings__image-database", mongodb.ConnectionString(_database)),
        ("Telemetry__Folder", _folder.Path), ("OTEL_BSP_SCHEDULE_DELAY", "100"));

    public async ValueTask DisposeAsync()
    {
        Assert.True(await _service.StopAsync() == 0, _service.Transcript);
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("NaN", "NaN")]
    [InlineData("Infinity", "-Infinity")]
    public async Task What_is_no_number_in_one_document_leaves_the_others_readable(string confidence, string probability)
    {
        BsonDecimal128 strange = new(Decimal128.Parse(confidence));
        var odd = ADocument.Of("a", "ship", "car", id: "odd");
        odd["Confidence"] = double.Parse(confidence, System.Globalization.CultureInfo.InvariantCulture);
        odd["Probabilities"] = new BsonArray(Enumerable.Repeat(double.Parse(probability, System.Globalization.CultureInfo.InvariantCulture), 10));
        var odder = ADocument.Of("a", "ship", "car", id: "odder");
        odder["Confidence"] = strange;
        await Images.InsertManyAsync([odd, odder, ADocument.Of("a", "ship", "ship", id: "plain")]);

        var recent = (await _service.Http.GetFromJsonAsync<JsonElement>("/api/images/recent")).EnumerateArray()
            .ToDictionary(image => image.GetProperty("id").GetString()!);

        Assert.Equal(0.75, recent["plain"].GetProperty("confidence").GetDouble());
        Assert.Equal(JsonValueKind.Null, recent["odd"].GetProperty("confidence").ValueKind);
        Assert.Equal(JsonValueKind.Null, recent["odder"].GetProperty("confidence").ValueKind);
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.GetAsync("/")).StatusCode);
    }

    [Fact]
    public async Task Text_that_is_no_utf8_and_fields_of_other_types_leave_the_others_readable()
    {
        var broken = ADocument.Of("a", "sh?p", "car", id: "broken").ToBson();
        broken[broken.AsSpan().IndexOf("sh?p"u8) + 2] = 0xff;
        await Images.InsertManyAsync(
            [
                new RawBsonDocument(broken),
                new BsonDocument { { "_id", ObjectId.GenerateNewId() }, { "StoredAt", "today" }, { "Image", 7 }, { "Probabilities", "all" } },
                ADocument.Of("a", "ship", "ship", id: "plain"),
            ]);

        var recent = (await _service.Http.GetFromJsonAsync<JsonElement>("/api/images/recent")).EnumerateArray().ToList();

        Assert.Equal(3, recent.Count);
        Assert.Equal("sh\ufffdp", recent.Single(image => image.GetProperty("id").GetString() == "broken").GetProperty("groundTruth").GetString());
        Assert.Equal(3, (await _service.Http.GetFromJsonAsync<JsonElement>("/api/accuracy")).GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("100%")]
    [InlineData("a/png")]
    [InlineData("v1.2.png")]
    [InlineData("...")]
    [InlineData("a?b#c d+e&f")]
    [InlineData("Schiff-ü-船-🚢")]
    [InlineData("a\\b\"'<>")]
    public async Task Every_image_has_an_address_and_a_picture_whatever_its_id(string id)
    {
        var document = ADocument.Of("a", "ship", "car", id: id);
        await Images.InsertManyAsync([document, ADocument.Of("a", "cat", id: "another"), ADocument.Of("a", "cat", id: "a")]);
        var address = "/api/images/" + Uri.EscapeDataString(id);

        Assert.Equal(id, (await _service.Http.GetFromJsonAsync<JsonElement>(address)).GetProperty("id").GetString());
        foreach (var picture in new[] { address + "/png", address + ".png" })
        {
            using var answer = await _service.Http.GetAsync(picture);
            Assert.True(answer.IsSuccessStatusCode, $"{picture}: {answer.StatusCode}");
            Assert.Equal(
                document["Image"]["Data"].AsBsonBinaryData.Bytes, APicture.Pixels(await answer.Content.ReadAsByteArrayAsync()).Data.ToArray());
        }
    }

    [Fact]
    public async Task A_picture_is_found_where_a_proxy_has_unescaped_its_address()
    {
        await Images.InsertOneAsync(ADocument.Of("a", "ship", "car", id: "gate/7"));

        Assert.Equal("image/png", (await _service.Http.GetAsync("/api/images/gate/7/png")).Content.Headers.ContentType?.MediaType);
        Assert.Equal("gate/7", (await _service.Http.GetFromJsonAsync<JsonElement>("/api/images/gate/7")).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/page/page.css")]
    [InlineData("/api/accuracy")]
    [InlineData("/api/progress")]
    [InlineData("/api/images/recent")]
    [InlineData("/api/images/known")]
    [InlineData("/api/images/known/png")]
    public async Task Head_answers_what_get_does_without_its_content(string path)
    {
        await Images.InsertOneAsync(ADocument.Of("a", "ship", "car", id: "known"));
        using var get = await _service.Http.GetAsync(path);

        using var head = await _service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

        Assert.Equal((HttpStatusCode.OK, get.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_proxy_is_told_to_pass_events_on_as_they_come()
    {
        using var events = await _service.Http.GetAsync("/page/events", HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(["no"], events.Headers.GetValues("X-Accel-Buffering"));
    }

    [Fact]
    public async Task Lists_that_are_cut_say_so_with_how_many_there_are()
    {
        await Images.InsertManyAsync(
            Enumerable.Range(1, 1_001).Select(index => ADocument.Of($"camera-{index}", index % 2 == 0 ? $"label {index}" : "ship", "car")));

        Assert.Equal((1_000, "1001"), await ListAsync("/api/producers"));
        Assert.Equal((501, "501"), await ListAsync("/api/classes"));
        var page = await _service.Http.GetStringAsync("/");
        Assert.Contains("The first 100 of 1,001", page, StringComparison.Ordinal);
        Assert.Contains("The first 100 of 501", page, StringComparison.Ordinal);
    }

    private async Task<(int Rows, string Total)> ListAsync(string address)
    {
        using var answer = await _service.Http.GetAsync(address);
        return ((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetArrayLength(), Assert.Single(answer.Headers.GetValues("X-Total-Count")));
    }

    [Fact]
    public async Task The_consoles_question_of_every_second_leaves_no_trace()
    {
        await Images.InsertOneAsync(ADocument.Of("a", "ship", "car"));

        await _service.Http.GetStringAsync("/api/progress");
        await _service.Http.GetStringAsync("/api/accuracy");

        List<CapturedSpan> spans = [];
        await Polling.UntilAsync(
            () => Task.FromResult((spans = SpanFiles.Read(_folder.Path)).Exists(span => span.Name.Contains("accuracy", StringComparison.Ordinal))),
            TimeSpan.FromSeconds(20), () => string.Join(", ", spans.Select(span => span.Name)));
        Assert.DoesNotContain(spans, span => span.Name.Contains("progress", StringComparison.Ordinal));
    }
}
