using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Embedded.Tests.Support;
using Microsoft.Playwright;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts.Pixels;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.EndToEnd;

/// <summary>One run of 2 cameras with 100 images each, and one browser, for all tests of this class.</summary>
public sealed class PipelinePage : IAsyncLifetime
{
    private const int Sent = 200;

    internal RunningPipeline Pipeline { get; private set; } = null!;

    internal Browser? Browser { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Pipeline = await RunningPipeline.StartAsync("--Producers", "2", "--Images", "100", "--Rate", "50");
        await Pipeline.StoredAsync(Sent, TimeSpan.FromMinutes(2));
    }

    internal async Task<Browser> BrowserAsync() => Browser ??= await Browser.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }
        await Pipeline.DisposeAsync();
    }
}

/// <summary>The page as people see it.</summary>
[Trait("Speed", "slow")]
public sealed class PipelinePageTests(PipelinePage run) : IClassFixture<PipelinePage>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly List<string> _errors = [];

    private RunningPipeline Pipeline => run.Pipeline;

    [Fact]
    public async Task Pictures_appear_and_are_the_pictures_that_were_sent()
    {
        var page = await OpenAsync();

        await page.WaitForFunctionAsync(
            "document.querySelectorAll('#wall img').length === 24 && [...document.querySelectorAll('#wall img')].every(i => i.naturalWidth === 32)");

        var source = await page.Locator("#wall img").First.GetAttributeAsync("src");
        using var answer = await Pipeline.Analytics.GetAsync(source);
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        var shown = APicture.Pixels(await answer.Content.ReadAsByteArrayAsync());
        var document = await Pipeline.Images.Find(new BsonDocument("_id", source!.Split('/')[^2])).SingleAsync();
        Assert.Equal(document["Image"]["Data"].AsBsonBinaryData.Bytes, shown.Data.ToArray());
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Counts_are_those_of_the_store()
    {
        var page = await OpenAsync();

        await Polling.UntilAsync(
            async () =>
            {
                var wrong = await Pipeline.Images.CountDocumentsAsync(new BsonDocument
                {
                    { "producer_id", "camera-1" }, { "$expr", new BsonDocument("$ne", new BsonArray { "$InferredValue", "$GroundTruth" }) },
                });
                return Cells(await page.Locator("#producers tr:has(th:text-is('camera-1'))").InnerTextAsync()) is [_, var shown, "100", ..]
                    && shown == wrong.ToString(CultureInfo.InvariantCulture);
            },
            Limit, () => "the row of camera-1 differs from the store");

        var matrix = await page.Locator("#confusion tbody td").AllInnerTextsAsync();
        Assert.Equal(100, matrix.Count);
        Assert.InRange(matrix.Sum(cell => cell == "·" ? 0 : int.Parse(cell, CultureInfo.InvariantCulture)), 200, await Pipeline.InferredAsync());
    }

    [Fact]
    public async Task A_wrong_prediction_is_marked_wrong_and_shows_all_ten_classes()
    {
        var page = await OpenAsync();

        await InsertAsync("wrong-one");

        var picture = page.Locator("#wall li:has(img[src='api/images/wrong-one/png'])");
        await picture.WaitForAsync();
        Assert.Equal("wrong", await picture.GetAttributeAsync("class"));
        Assert.Contains("✗ frog", await picture.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("is ship", await picture.InnerTextAsync(), StringComparison.Ordinal);
        await picture.Locator("a").FocusAsync();
        await Assertions.Expect(picture.Locator("meter")).ToHaveCountAsync(10);
        await Assertions.Expect(picture.Locator("meter").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_message_nobody_can_use_appears_with_its_reason_and_its_sender()
    {
        var page = await OpenAsync();
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = Pipeline.Kafka }).Build();

        await producer.ProduceAsync("image_data", new Message<string, byte[]>
        {
            Key = "camera-<7>",
            Value = Encoding.UTF8.GetBytes("""{"ID": "1", "producer_id": "x", "GroundTruth": "ze\u0007bra", "Data": "aGVsbG8="}"""),
        });

        var letter = page.Locator("#dead-letters li", new() { HasText = "UnknownLabel" }).First;
        await letter.WaitForAsync();
        Assert.Contains("bra", await letter.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("camera-<7>", await letter.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Lag_is_told_per_partition_and_ends_at_zero()
    {
        var page = await OpenAsync();

        var rows = page.Locator("#lag tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator("#lag tbody tr td:last-child", new() { HasTextRegex = new("^0$") }))
            .ToHaveCountAsync(3, new() { Timeout = 30_000 });
        Assert.Equal(9, await rows.First.Locator("td").CountAsync());           // eight partitions and their sum
        Assert.Contains("inference", await rows.First.InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Charts_show_what_was_before_the_page_was_opened()
    {
        var page = await OpenAsync();

        await Assertions.Expect(page.Locator(".plot svg")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator("#throughput .line[d*=L]")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator("#latency .line[d*=L]")).ToHaveCountAsync(3);
        await Assertions.Expect(page.Locator("#accuracy .line[d*=L]")).ToHaveCountAsync(1);
        var points = (await Pipeline.Analytics.GetFromJsonAsync<JsonElement>("/api/timeline")).EnumerateArray().ToList();
        var busiest = points.Where(point => point.GetProperty("stored").ValueKind == JsonValueKind.Number)
            .Max(point => point.GetProperty("stored").GetDouble());
        Assert.InRange(busiest, 5, 150);
        Assert.Contains(points, point => point.GetProperty("p99Ms").ValueKind == JsonValueKind.Number);
        Assert.Empty(_errors);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(1280)]
    public async Task Nothing_has_to_be_scrolled_sideways(int width)
    {
        var page = await OpenAsync(width);

        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Fact]
    public async Task A_page_whose_server_was_away_goes_on_by_itself()
    {
        var page = await OpenAsync();

        await Pipeline.KillAsync("analytics");
        await InsertAsync("after-the-restart");

        await page.Locator("#wall img[src='api/images/after-the-restart/png']").WaitForAsync();
        await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("live");
    }

    /// <summary>A ship that was taken for a frog just now.</summary>
    private async Task InsertAsync(string id)
    {
        var document = await Pipeline.Images.Find(new BsonDocument("producer_id", "camera-1")).FirstAsync();
        document["_id"] = id;
        document["producer_id"] = "painter";
        document["GroundTruth"] = "ship";
        document["InferredValue"] = "frog";
        document["CapturedAt"] = document["StoredAt"] = DateTime.UtcNow;
        await Pipeline.Images.InsertOneAsync(document);
    }

    private async Task<IPage> OpenAsync(int width = 1280)
    {
        var page = await (await run.BrowserAsync()).OpenAsync(width, errors: _errors);
        await page.GotoAsync(Pipeline.Analytics.BaseAddress!.ToString());
        await page.Locator("#state.live").WaitForAsync();
        return page;
    }

    private static string[] Cells(string row) => row.Split('\t', StringSplitOptions.TrimEntries);
}
