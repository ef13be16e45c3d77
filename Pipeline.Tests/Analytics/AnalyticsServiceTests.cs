using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.Tests.Support;
using SkiaSharp;

namespace Pipeline.Tests.Analytics;

/// <summary>The service as a program, over HTTP.</summary>
[Trait("Speed", "slow")]
public sealed class AnalyticsServiceTests(KafkaFixture kafka, MongoDBFixture mongodb) : AnalyticsProgram(kafka, mongodb)
{
    [Fact]
    public async Task Figures_are_answered_as_json()
    {
        await Images.InsertManyAsync(
            [ADocument.Of("camera-1", "ship", "ship"), ADocument.Of("camera-1", "ship", "car"), ADocument.Of("camera-2", "cat")],
            cancellationToken: default);

        Assert.Equal("""{"total":3,"inferred":2,"notYetInferred":1,"withoutTruth":0,"compared":2,"correct":1,"wrong":1,"accuracyPercent":50}""",
            await GetAsync("/api/accuracy"));
        Assert.Equal(
            """
            [{"producerId":"camera-1","wrongInferenceCount":1,"totalInferences":2,"errorRatePercent":50,"notYetInferred":0,"withoutTruth":0},{"producerId":"camera-2","wrongInferenceCount":0,"totalInferences":0,"errorRatePercent":null,"notYetInferred":1,"withoutTruth":0}]
            """, await GetAsync("/api/producers"));
        Assert.Equal(
            """
            [{"label":"cat","total":0,"correct":0,"accuracyPercent":null,"notYetInferred":1},{"label":"ship","total":2,"correct":1,"accuracyPercent":50,"notYetInferred":0}]
            """, await GetAsync("/api/classes"));
    }

    [Fact]
    public async Task Progress_tells_sent_and_dead_lettered_from_the_broker_and_the_rest_from_the_store()
    {
        var before = await ProgressAsync();
        for (var sent = 0; sent < 5; sent++)
        {
            await Kafka.SendAsync(Topics.ImageData, "x"u8.ToArray(), key: $"camera-{sent}");
        }
        await Kafka.SendAsync(Topics.ImageDataDeadLetters, "x"u8.ToArray());
        await Kafka.SendAsync(Topics.InferenceResultsDeadLetters, "x"u8.ToArray());
        await Images.InsertManyAsync([ADocument.Of("camera-1", "ship", "ship"), ADocument.Of("camera-1", "ship")], cancellationToken: default);

        var after = before;
        await Polling.UntilAsync(
            async () => (after = await ProgressAsync()).GetProperty("stored").GetInt64() == 2 && Difference(before, after, "sent") == 5,
            TimeSpan.FromSeconds(20), () => $"{after}\n{Service.Transcript}");

        Assert.Equal(2, Difference(before, after, "deadLettered"));
        Assert.Equal((1, 1, 100.0),
            (after.GetProperty("inferred").GetInt64(), after.GetProperty("correct").GetInt64(), after.GetProperty("accuracyPercent").GetDouble()));
        Assert.Equal(ADocument.Noon, after.GetProperty("firstCapturedAt").GetDateTimeOffset().UtcDateTime);
        Assert.Equal(ADocument.Noon.AddSeconds(1), after.GetProperty("lastStoredAt").GetDateTimeOffset().UtcDateTime);
    }

    [Fact]
    public async Task OpenAPI_describes_the_api_and_not_the_page()
    {
        var paths = JsonDocument.Parse(await GetAsync("/openapi/v1.json")).RootElement.GetProperty("paths").EnumerateObject().ToArray();

        Assert.Equal(
            ["/api/accuracy", "/api/broker", "/api/classes", "/api/confusion", "/api/dead-letters", "/api/dead-letters/replay",
                "/api/dead-letters/{topic}/{partition}/{offset}/png", "/api/disk", "/api/images/recent", "/api/images/{address}", "/api/producers",
                "/api/progress", "/api/shadow", "/api/timeline"],
            paths.Select(path => path.Name).Order(StringComparer.Ordinal));
        Assert.All(paths.Where(path => path.Name != "/api/dead-letters/replay"),
            path => Assert.True(path.Value.GetProperty("get").GetProperty("responses").TryGetProperty("200", out _)));
    }

    [Fact]
    public async Task Progress_before_anything_happened_is_zeros_and_nulls()
    {
        var progress = await ProgressAsync();

        Assert.Equal(0, progress.GetProperty("stored").GetInt64());
        Assert.Equal(JsonValueKind.Null, progress.GetProperty("accuracyPercent").ValueKind);
        Assert.Equal(JsonValueKind.Null, progress.GetProperty("firstCapturedAt").ValueKind);
    }

    [Fact]
    public async Task Recent_images_come_newest_first_bounded_and_without_their_pixels()
    {
        await Images.InsertManyAsync(
            Enumerable.Range(0, 150).Select(index => ADocument.Of("camera-1", "ship", id: $"{index}", capturedAt: ADocument.Noon.AddSeconds(index))),
            cancellationToken: default);

        var recent = JsonDocument.Parse(await GetAsync("/api/images/recent?count=100000")).RootElement;

        Assert.Equal(100, recent.GetArrayLength());
        Assert.Equal(["149", "148"], recent.EnumerateArray().Take(2).Select(image => image.GetProperty("id").GetString()));
        Assert.DoesNotContain("data", recent[0].EnumerateObject().Select(property => property.Name), StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task An_image_is_served_as_png_whichever_way_it_is_stored()
    {
        var raw = ADocument.Of("camera-1", "ship", id: "raw");
        var pixels = raw["Image"]["Data"].AsBsonBinaryData.Bytes;
        Random.Shared.NextBytes(pixels);
        raw["Image"]["Data"] = new BsonBinaryData(pixels);
        var png = ADocument.Of("camera-1", "ship", id: "png");
        png["Image"]["Format"] = "PNG";
        png["Image"]["Data"] = new BsonBinaryData(APicture.Png(new Rgb24(32, 32, pixels)));
        await Images.InsertManyAsync([raw, png], cancellationToken: default);

        foreach (var id in new[] { "raw", "png" })
        {
            using var response = await Service.Http.GetAsync($"/api/images/{id}.png");

            Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal(pixels, APicture.Pixels(await response.Content.ReadAsByteArrayAsync()).Data.ToArray());
        }
    }

    [Fact]
    public async Task A_picture_in_another_format_is_shown_as_png_upright_and_not_larger_than_a_screen()
    {
        var large = PictureFile.Turned(APicture.Encode(APicture.Quarters(4000, 3000), SKEncodedImageFormat.Jpeg, quality: 80), orientation: 6);
        var small = APicture.Quarters(40, 30);
        (string Format, byte[] Data, int Width, int Height)[] pictures =
        [
            ("JPEG", large, 768, 1024), ("WEBP", APicture.Encode(small, SKEncodedImageFormat.Webp), 40, 30), ("GIF", PictureFile.Gif(small), 40, 30),
            ("BMP", PictureFile.Bmp(small), 40, 30), ("RGB24", small.Data.ToArray(), 40, 30),
        ];
        foreach (var (format, data, _, _) in pictures)
        {
            var document = ADocument.Of("camera-1", "ship", id: format);
            document["Image"] = new BsonDocument { { "Width", 40 }, { "Height", 30 }, { "Format", format }, { "Data", new BsonBinaryData(data) } };
            await Images.InsertOneAsync(document);
        }

        foreach (var (format, _, width, height) in pictures)
        {
            using var response = await Service.Http.GetAsync($"/api/images/{format}/png");
            Assert.True(response.IsSuccessStatusCode, $"{format}: {response.StatusCode}");
            Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
            var shown = APicture.Pixels(await response.Content.ReadAsByteArrayAsync());
            Assert.Equal((format, width, height), (format, shown.Width, shown.Height));
            var upperLeft = APicture.QuarterColours[format == "JPEG" ? 2 : 0];
            var at = 3 * (5 * width + 5);
            Assert.InRange(shown.Data.Span[at], upperLeft.Red - 10, upperLeft.Red + 10);
            Assert.InRange(shown.Data.Span[at + 2], upperLeft.Blue - 10, upperLeft.Blue + 10);
        }
    }

    [Theory]
    [InlineData("JPEG", "this is none")]
    [InlineData("RGB24", "too few pixels")]
    [InlineData("SVG", "<svg/>")]
    public async Task What_cannot_be_shown_is_404(string format, string data)
    {
        var document = ADocument.Of("camera-1", "ship", id: "odd-" + format);
        document["Image"]["Format"] = format;
        document["Image"]["Data"] = new BsonBinaryData(Encoding.UTF8.GetBytes(data));
        await Images.InsertOneAsync(document);

        Assert.Equal(HttpStatusCode.NotFound, (await Service.Http.GetAsync($"/api/images/odd-{format}/png")).StatusCode);
    }

    [Fact]
    public async Task One_image_is_told_by_its_id_and_an_unknown_one_is_404()
    {
        await Images.InsertManyAsync(
            [ADocument.Of("camera-1", "ship", "car", id: "known"), ADocument.Of("camera-1", "cat", id: "a/b c")], cancellationToken: default);

        var image = JsonDocument.Parse(await GetAsync("/api/images/known")).RootElement;
        Assert.Equal(("ship", "car", false),
            (image.GetProperty("groundTruth").GetString(), image.GetProperty("inferredValue").GetString(),
                image.GetProperty("isCorrect").GetBoolean()));

        Assert.Contains("\"cat\"", await GetAsync("/api/images/" + Uri.EscapeDataString("a/b c")), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.NotFound, (await Service.Http.GetAsync("/api/images/unknown")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Service.Http.GetAsync("/api/images/unknown.png")).StatusCode);
    }

    [Fact]
    public async Task The_page_comes_whole_with_everything_escaped_and_nothing_from_elsewhere()
    {
        await Images.InsertManyAsync([ADocument.Of("<script>alert(1)</script>", "ship", "car", id: "a/\"><script>")], cancellationToken: default);

        using var response = await Service.Http.GetAsync("/");
        var page = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert", page, StringComparison.Ordinal);
        foreach (var file in new[] { "\"page/page.css", "\"page/page.js", "\"page/icon.svg" })
        {
            Assert.Contains(file, page, StringComparison.Ordinal);
        }
        foreach (var file in new[] { "/page/page.css", "/page/page.js", "/page/chart.js", "/page/patch.js", "/page/icon.svg" })
        {
            Assert.Equal(HttpStatusCode.OK, (await Service.Http.GetAsync(file)).StatusCode);
        }
    }

    [Fact]
    public async Task The_timeline_has_the_percentiles_of_what_was_stored_lately()
    {
        var storedAt = DateTime.UtcNow.AddSeconds(-30);
        await Images.InsertManyAsync(
            Enumerable.Range(1, 100).Select(latencyMs =>
            {
                var document = ADocument.Of("camera-1", "ship", latencyMs <= 90 ? "ship" : "car", capturedAt: storedAt.AddMilliseconds(-latencyMs));
                document["StoredAt"] = storedAt;
                return document;
            }),
            cancellationToken: default);

        var points = JsonDocument.Parse(await GetAsync("/api/timeline")).RootElement.EnumerateArray().ToList();

        var point = points.Single(point => point.GetProperty("second").GetInt64() == new DateTimeOffset(storedAt).ToUnixTimeSeconds() + 1);
        Assert.Equal((50, 95, 99), (Number("p50Ms"), Number("p95Ms"), Number("p99Ms")));
        Assert.Equal(10, point.GetProperty("stored").GetDouble());
        Assert.Equal(90, point.GetProperty("accuracyPercent").GetDouble());

        int Number(string name) => point.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task How_long_the_disk_lasts_is_told_at_todays_rate()
    {
        var now = DateTime.UtcNow;
        // One each 14.4 s for two hours: 6,000 a day.
        await Images.InsertManyAsync(
            Enumerable.Range(0, 500).Select(index => ADocument.Of("camera-1", "ship", "ship", capturedAt: now.AddSeconds(-14.4 * index))));

        var disk = JsonDocument.Parse(await GetAsync("/api/disk")).RootElement;

        Assert.InRange(disk.GetProperty("imagesPerDay").GetInt64(), 5_900, 6_100);
        Assert.InRange(disk.GetProperty("bytesPerDay").GetInt64() / disk.GetProperty("imagesPerDay").GetInt64(), 3_200, 3_400);
        Assert.Equal(disk.GetProperty("freeBytes").GetInt64() / (double)disk.GetProperty("bytesPerDay").GetInt64(),
            disk.GetProperty("daysLeft").GetDouble(), 1.0);
        Assert.Contains("MB a day", await GetAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Confusion_tells_what_was_taken_for_what()
    {
        await Images.InsertManyAsync(
            [ADocument.Of("a", "ship", "car"), ADocument.Of("b", "ship", "car"), ADocument.Of("a", "cat")], cancellationToken: default);

        Assert.Equal("""[{"groundTruth":"ship","inferredValue":"car","count":2}]""", await GetAsync("/api/confusion"));
    }

    [Fact]
    public async Task Many_readers_are_all_answered()
    {
        await Images.InsertManyAsync([ADocument.Of("camera-1", "ship", "car")], cancellationToken: default);

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Service.Http.GetFromJsonAsync<JsonElement>("/api/progress")));

        Assert.All(answers, answer => Assert.Equal(1, answer.GetProperty("stored").GetInt64()));
    }

    private static long Difference(JsonElement before, JsonElement after, string name) =>
        after.GetProperty(name).GetInt64() - before.GetProperty(name).GetInt64();

    private async Task<JsonElement> ProgressAsync() => JsonDocument.Parse(await GetAsync("/api/progress")).RootElement;

    private async Task<string> GetAsync(string path)
    {
        using var response = await Service.Http.GetAsync(path);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}: {text}\n{Service.Transcript}");
        return text;
    }
}
