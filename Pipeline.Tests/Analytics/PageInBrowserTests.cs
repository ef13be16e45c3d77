using System.Globalization;
using System.Text.RegularExpressions;
using Embedded.Tests.Support;
using Microsoft.Playwright;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.DbConsumer;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Analytics;

/// <summary>The page's own scripts, in a browser, over a store that holds a minute of images, a pause, and a minute more.</summary>
[Trait("Speed", "slow")]
public sealed class PageInBrowserTests(
    KafkaFixture kafka, MongoDBFixture mongodb) : IClassFixture<KafkaFixture>, IClassFixture<MongoDBFixture>, IAsyncLifetime
{
    private const int LatencyMs = 20;

    private readonly IMongoDatabase _database = mongodb.NewDatabase();
    private readonly DateTime _now = DateTime.UtcNow;
    private readonly List<string> _errors = [];
    private ServiceProcess _service = null!;
    private Browser? _browser;

    private IMongoCollection<BsonDocument> Images => MongoDBFixture.Images(_database);

    public async ValueTask InitializeAsync()
    {
        var seconds = Enumerable.Range(30, 60).Concat(Enumerable.Range(150, 60));
        await Images.InsertManyAsync(
            seconds.SelectMany(second => Enumerable.Range(0, 4).Select(index => Stored($"camera-{index}", _now.AddSeconds(-second)))));
        _service = await ServiceProcess.StartAsync(
            "Pipeline.Analytics",
            ("ConnectionStrings__kafka", kafka.Address),
            ("ConnectionStrings__image-database", mongodb.ConnectionString(_database)));
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
        Assert.True(await _service.StopAsync() == 0, _service.Transcript);
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Charts_have_axes_with_units_a_legend_and_gaps_where_nothing_was_stored()
    {
        var page = await OpenAsync();

        await Assertions.Expect(page.Locator("#throughput .line[d*=L]")).ToHaveCountAsync(3);
        foreach (var (chart, unit) in new[] { ("throughput", "/s"), ("latency", " ms"), ("accuracy", " %") })
        {
            var ticks = await page.Locator($"#{chart} .tick").AllTextContentsAsync();
            Assert.True(ticks.Count(tick => tick.EndsWith(unit, StringComparison.Ordinal)) >= 3, string.Join(", ", ticks));
            Assert.Contains(ticks, tick => TimeOnly.TryParseExact(tick, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
        }
        Assert.Equal(2, Pieces(await LineAsync(page, "latency")));
        Assert.Equal(2, Pieces(await LineAsync(page, "accuracy")));
        Assert.Equal(1, Pieces(await LineAsync(page, "throughput")));           // a second without images is known: none
        Assert.Equal("p50 –, p95 –, p99 –", string.Join(", ", await page.Locator("#latency-legend span").AllTextContentsAsync()));
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Arrow_keys_read_the_values_of_a_second_in_all_charts()
    {
        var page = await OpenAsync();
        var chart = page.GetByRole(AriaRole.Slider, new() { Name = "Latency" });

        await chart.FocusAsync();
        await page.Keyboard.PressAsync("PageDown");
        await page.Keyboard.PressAsync("PageDown");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("ArrowLeft");

        await Assertions.Expect(chart).ToHaveAttributeAsync("aria-valuetext", new Regex(@"^\d\d:\d\d:\d\d: p50 20 ms, p95 20 ms, p99 20 ms$"));
        await Assertions.Expect(page.Locator("#accuracy-legend")).ToHaveTextAsync("accuracy 100 %");
        await Assertions.Expect(page.Locator(".cursor path")).ToHaveCountAsync(3);

        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator(".cursor path")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task New_figures_leave_focus_scroll_position_and_loaded_pictures_as_they_are()
    {
        var page = await OpenAsync();
        await page.SetViewportSizeAsync(1280, 500);
        await page.EvaluateAsync("""
            () => {
                window.pictures = new Map([...document.querySelectorAll("#wall img")].map(image => [image.src, image]));
                document.querySelector("#producers").focus();
                document.querySelector("#producers").style.height = "3rem";
                document.querySelector("#producers").scrollTop = 20;
            }
            """);

        await Images.InsertOneAsync(Stored("camera-new", DateTime.UtcNow));

        await page.Locator("#producers th:text-is('camera-new')").WaitForAsync();
        await page.Locator("#wall li:has-text('camera-new')").WaitForAsync();
        Assert.Equal(
            "producers 20", await page.EvaluateAsync<string>("""`${document.activeElement.id} ${document.querySelector("#producers").scrollTop}`"""));
        var kept = await page.EvaluateAsync<int>(
            "[...document.querySelectorAll('#wall img')].filter(image => window.pictures.get(image.src) === image).length");
        Assert.Equal(23, kept);
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Details_that_were_opened_stay_open_and_what_has_a_key_is_found_again_by_it()
    {
        var page = await OpenAsync();

        var result = await page.EvaluateAsync<string>("""
            async () => {
                const { patch } = await import("/page/patch.js");
                const box = document.createElement("div");
                patch(box, `<ul><li data-key="a">a</li> <li data-key="b">b</li> <li data-key="c">c</li></ul><details><summary>more</summary>1</details>`);
                const [a, b, c] = box.querySelectorAll("li");
                box.querySelector("details").open = true;
                patch(box, `<ul><li data-key="n">n</li> <li data-key="c">C</li> <li data-key="a">a</li></ul><details class="x"><summary>more</summary>2</details>`);
                const now = [...box.querySelectorAll("li")];
                return [now.map(item => item.textContent).join(""), now[1] === c, now[2] === a, b.isConnected, box.querySelector("details.x").open, box.textContent].join("|");
            }
            """);

        Assert.Equal("nCa|true|true|false|true|n C amore2", result);
    }

    [Fact]
    public async Task Whoever_looks_at_a_picture_says_what_it_is_and_the_picture_and_accuracy_follow()
    {
        var document = Stored("camera-new", DateTime.UtcNow);
        document.Remove("GroundTruth");
        await Images.InsertOneAsync(document);
        var page = await OpenAsync();
        var picture = page.Locator($"#wall li[data-key='{document["_id"].AsString}']");
        await Assertions.Expect(picture).ToHaveClassAsync("unknown");
        await Assertions.Expect(page.Locator("#tiles .main .note")).ToContainTextAsync("1 without a truth");

        await picture.HoverAsync();
        await picture.GetByLabel("It is a").SelectOptionAsync("cat");
        await picture.GetByLabel("says").FillAsync("Ada");
        await picture.GetByRole(AriaRole.Button, new() { Name = "Note" }).ClickAsync();
        await Assertions.Expect(picture.Locator("output")).ToHaveTextAsync("noted: cat");
        await page.Mouse.MoveAsync(0, 0);

        await Assertions.Expect(picture).ToHaveClassAsync("wrong");
        await Assertions.Expect(picture).ToContainTextAsync("is cat");
        await Assertions.Expect(page.Locator("#tiles .main .note")).ToHaveTextAsync("1 wrong of 481");
        var stored = await Images.Find(new BsonDocument("_id", document["_id"])).SingleAsync();
        Assert.Equal(("cat", "Ada"), (stored["GroundTruth"].AsString, stored["TruthBy"].AsString));
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task What_a_picture_shows_may_be_none_of_the_classes_that_the_model_offers()
    {
        var document = Stored("camera-new", DateTime.UtcNow);
        document.Remove("GroundTruth");
        document["Labels"] = new BsonArray { "ship", "crane" };
        document["Probabilities"] = new BsonArray { 0.75, 0.25 };
        await Images.InsertOneAsync(document);
        var page = await OpenAsync();
        var picture = page.Locator($"#wall li[data-key='{document["_id"].AsString}']");

        await picture.HoverAsync();
        await Assertions.Expect(picture.Locator("option")).ToHaveTextAsync(["ship", "crane", "another…"]);
        await Assertions.Expect(picture.GetByLabel("another label")).ToBeHiddenAsync();
        await picture.GetByLabel("It is a").SelectOptionAsync("another…");
        await picture.GetByLabel("another label").FillAsync("tug boat");
        await picture.GetByRole(AriaRole.Button, new() { Name = "Note" }).ClickAsync();

        await Assertions.Expect(picture.Locator("output")).ToHaveTextAsync("noted: tug boat");
        var stored = await Images.Find(new BsonDocument("_id", document["_id"])).SingleAsync();
        Assert.Equal("tug boat", stored["GroundTruth"].AsString);
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Dead_letters_are_shown_with_their_pictures_and_sent_again_by_a_button()
    {
        var place = await kafka.SendAsync(
            Topics.ImageData + Topics.DeadLetterSuffix, AnImage.Of("image-7").Write(), MessageEncoding.Protobuf,
            others: [new Confluent.Kafka.Header(DeadLetterMessage.ReasonHeader, "Refused"u8.ToArray())]);
        var page = await OpenAsync();
        var letter = page.Locator($"#dead-letters li[data-key='image_data.dlq 0 {place.Offset.Value}']");
        await Assertions.Expect(letter).ToContainTextAsync("Refused image-7");
        await page.WaitForFunctionAsync("document.querySelector('#dead-letters li img').naturalWidth === 32");

        await page.GetByRole(AriaRole.Button, new() { Name = "Send them again" }).ClickAsync();

        await Assertions.Expect(page.Locator("#replayed")).ToHaveTextAsync("1 sent again, 0 left", new() { Timeout = 20_000 });
        // what the broker tells may be seconds old
        await Assertions.Expect(letter).ToContainTextAsync("; sent again", new() { Timeout = 20_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Send them again" })).ToHaveCountAsync(0);
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Below_a_prefix_everything_is_as_at_the_root()
    {
        await using var proxy = await PrefixProxy.StartAsync(_service.Http, "/lab/pipeline");

        var page = await OpenAsync(proxy.Address);

        await page.WaitForFunctionAsync(
            "document.querySelectorAll('#wall img').length === 24 && [...document.querySelectorAll('#wall img')].every(i => i.naturalWidth === 32)");
        await Assertions.Expect(page.Locator("#latency .line[d*=L]")).ToHaveCountAsync(3);
        var links = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('a')].map(link => link.href)");
        Assert.All(links, link => Assert.StartsWith(proxy.Address + "api/", link, StringComparison.Ordinal));
        Assert.Empty(_errors);
    }

    private async Task<IPage> OpenAsync(string? address = null)
    {
        _browser = await Browser.StartAsync();
        var page = await _browser.OpenAsync(errors: _errors);
        await page.GotoAsync(address ?? _service.Http.BaseAddress!.ToString());
        await page.Locator("#state.live").WaitForAsync();
        return page;
    }

    private static async Task<string> LineAsync(IPage page, string chart) => await page.Locator($"#{chart} .line").First.GetAttributeAsync("d") ?? "";

    private static int Pieces(string path) => path.Count(character => character == 'M');

    private static BsonDocument Stored(string producer, DateTime storedAt)
    {
        var document = ADocument.Of(producer, "ship", "ship", capturedAt: storedAt.AddMilliseconds(-LatencyMs));
        document["StoredAt"] = storedAt;
        document["InferredAt"] = storedAt;
        return document;
    }
}
