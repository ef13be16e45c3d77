using System.Text.Json.Nodes;
using Embedded.Tests.Support;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Embedded.Tests.Dashboard.Pages;

/// <summary>The pages of telemetry in a real browser, on the real dashboard, fed over OTLP.</summary>
public sealed class TelemetryPagesTests(TelemetryPagesTests.Running running) : IClassFixture<TelemetryPagesTests.Running>
{
    private const string ImageTrace = "00000000000000000000000000000a01";
    private const string BatchTrace = "00000000000000000000000000000b01";
    private const string ImageSpan = "00000000000000a3";
    private const string BatchSpan = "00000000000000b2";

    [Fact]
    public async Task A_trace_opens_as_a_waterfall_and_links_lead_to_the_batch_and_back()
    {
        await using var visit = await running.VisitAsync("/traces");
        var page = visit.Page;

        await page.GetByRole(AriaRole.Link, new() { Name = "producer: capture image" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^process image_data") }).ClickAsync();
        await Expect(page.Locator("#span-pane")).ToContainTextAsync("Links to");
        Assert.EndsWith($"/traces/detail/{ImageTrace}?span={ImageSpan}", page.Url, StringComparison.Ordinal);
        await Expect(page.Locator("[data-span][aria-current]")).ToHaveCountAsync(1);

        await page.Locator("#span-pane").GetByRole(AriaRole.Link, new() { Name = "inference: infer batch" }).First.ClickAsync();
        await Expect(page.Locator("#span-pane h2")).ToHaveTextAsync("infer batch");
        Assert.Contains(BatchTrace, page.Url, StringComparison.Ordinal);

        await page.Locator("#span-pane").GetByRole(AriaRole.Link, new() { Name = "inference: process image_data" }).First.ClickAsync();
        await Expect(page.Locator("#span-pane h2")).ToHaveTextAsync("process image_data");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#span-pane")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_trace_is_downloaded_as_json()
    {
        await using var visit = await running.VisitAsync($"/traces/detail/{ImageTrace}");

        var download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());

        Assert.Equal($"trace-{ImageTrace}.json", download.SuggestedFilename);
        var trace = JsonNode.Parse(await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken))!;
        Assert.NotNull(trace["resourceSpans"]);
    }

    [Fact]
    public async Task A_branch_of_the_waterfall_closes_and_opens_by_keyboard_and_mouse()
    {
        await using var visit = await running.VisitAsync($"/traces/detail/{ImageTrace}");
        var child = visit.Page.Locator($"[data-span='{ImageSpan}']");

        await visit.Page.Locator("[data-span]").First.FocusAsync();
        await visit.Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(child).ToBeHiddenAsync();
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(child).ToBeVisibleAsync();
        await visit.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(visit.Page.Locator("[data-span]:focus")).ToContainTextAsync("send image_data");

        await visit.Page.Locator("summary .fold").First.ClickAsync();
        await Expect(child).ToBeHiddenAsync();
        Assert.DoesNotContain("span=", visit.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Filters_of_traces_stay_in_the_address()
    {
        await using var visit = await running.VisitAsync("/traces");
        var page = visit.Page;

        await page.GetByLabel("Type of work").SelectOptionAsync("Database");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("tbody tr")).ToContainTextAsync("bulkWrite");
        Assert.EndsWith("/traces?type=Database", page.Url, StringComparison.Ordinal);

        await page.GotoAsync(running.Address + "/traces");
        await page.GetByText("Filter", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("Field").FillAsync("messaging.destination.name");
        await page.GetByLabel("Comparison").SelectOptionAsync("equals");
        await page.GetByLabel("Value").FillAsync("image_data");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        Assert.Equal("?filter=messaging.destination.name=image_data", Uri.UnescapeDataString(new Uri(page.Url).Query));

        await page.GetByTitle("Switch off").ClickAsync();
        await Expect(page.Locator("tbody tr")).Not.ToHaveCountAsync(1);
        await page.ReloadAsync();
        await Expect(page.Locator(".filter-chip.off")).ToHaveCountAsync(1);
        await page.GetByTitle("Remove this filter").ClickAsync();
        await Expect(page.Locator(".filter-chip")).ToHaveCountAsync(0);
        Assert.Equal("", new Uri(page.Url).Query);
    }

    [Fact]
    public async Task A_log_line_appears_while_one_looks_and_its_details_open()
    {
        await using var visit = await running.VisitAsync("/structuredlogs?level=Warning");
        var page = visit.Page;
        var message = $"Image {Guid.NewGuid()} sent to the dead-letter topic";
        await Expect(page.Locator("#live")).Not.ToContainTextAsync(message);

        await running.Dashboard.SendAsync("logs", OtlpJson.Logs("inference",
            OtlpJson.Log(message, OtlpJson.Ago(TimeSpan.Zero), severity: 17, trace: ImageTrace, span: ImageSpan, attributes: [("Problem", "short pixels")])));

        await page.GetByRole(AriaRole.Link, new() { Name = message }).ClickAsync();
        await Expect(page.Locator(".pane")).ToContainTextAsync("short pixels");
        await page.Locator(".pane").GetByRole(AriaRole.Link, new() { Name = "inference: process image_data" }).ClickAsync();
        await Expect(page.Locator("#span-pane")).ToContainTextAsync(message);
    }

    [Fact]
    public async Task What_one_opens_stays_open_when_a_change_comes_before_the_answer()
    {
        await using var visit = await running.VisitAsync("/structuredlogs");
        var page = visit.Page;
        var answer = await HoldAsync(page, "record=");
        await page.GetByRole(AriaRole.Link, new() { Name = "Classified 1 image" }).ClickAsync();

        var change = $"Image {Guid.NewGuid()} came meanwhile";
        await page.EvaluateAsync("""
            () => new Promise(opened => {
              const other = new EventSource('/live?topic=logs');
              let told = 0;
              window.change = new Promise(done => other.addEventListener('logs', () => { opened(); if (++told === 2) { other.close(); done(); } }));
            })
            """);
        await running.Dashboard.SendAsync("logs", OtlpJson.Logs("inference", OtlpJson.Log(change, OtlpJson.Ago(TimeSpan.Zero))));
        await page.EvaluateAsync("() => window.change");
        answer.SetResult();

        await Expect(page.Locator(".pane")).ToContainTextAsync("Classified 1 image");
        var later = $"Image {Guid.NewGuid()} came later";
        await running.Dashboard.SendAsync("logs", OtlpJson.Logs("inference", OtlpJson.Log(later, OtlpJson.Ago(TimeSpan.Zero))));
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = later })).ToBeVisibleAsync();
        await Expect(page.Locator(".pane")).ToContainTextAsync("Classified 1 image");
    }

    [Fact]
    public async Task The_last_choice_wins_when_an_earlier_one_is_answered_later()
    {
        await using var visit = await running.VisitAsync("/structuredlogs");
        var page = visit.Page;
        var answer = await HoldAsync(page, "level=Error");

        var late = page.WaitForResponseAsync(response => response.Url.Contains("level=Error", StringComparison.Ordinal));
        await page.RunAndWaitForRequestAsync(() => page.GetByLabel("Least level").SelectOptionAsync("Error"),
            request => request.Url.Contains("level=Error", StringComparison.Ordinal));
        await page.GetByRole(AriaRole.Link, new() { Name = "Classified 1 image" }).ClickAsync();
        await Expect(page.Locator(".pane")).ToContainTextAsync("Classified 1 image");
        answer.SetResult();
        await (await late).FinishedAsync();

        var later = $"Image {Guid.NewGuid()} came later";
        await running.Dashboard.SendAsync("logs", OtlpJson.Logs("inference", OtlpJson.Log(later, OtlpJson.Ago(TimeSpan.Zero))));
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = later })).ToBeVisibleAsync();
        await Expect(page.Locator(".pane")).ToContainTextAsync("Classified 1 image");
        Assert.DoesNotContain("level=", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exemplar_opens_its_trace()
    {
        await using var visit = await running.VisitAsync("/metrics");
        var page = visit.Page;

        await page.Locator("summary", new() { HasText = "inference" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "image.duration" }).ClickAsync();
        await Expect(page.Locator("time-chart .u-legend").First).ToContainTextAsync("P99");
        await page.Locator("time-chart a.exemplar").Last.ClickAsync();

        await Expect(page.Locator("#span-pane h2")).ToHaveTextAsync("process image_data");
    }

    [Fact]
    public async Task A_counter_is_filtered_by_its_attributes_and_read_as_a_table()
    {
        await using var visit = await running.VisitAsync("/metrics?resource=inference&meter=Tests&instrument=images");
        var page = visit.Page;
        await Expect(page.Locator("time-chart")).ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("predicted .*rejected"));

        await page.GetByLabel("outcome").SelectOptionAsync("outcome=rejected");
        await Expect(page.Locator("time-chart")).Not.ToHaveAttributeAsync("aria-label", new System.Text.RegularExpressions.Regex("predicted"));
        await page.GetByRole(AriaRole.Link, new() { Name = "Table" }).ClickAsync();
        await Expect(page.Locator("table.numbers tbody tr").First).ToContainTextAsync("1");
        await Expect(page.Locator("table.numbers th").Last).ToContainTextAsync("image/s");
        Assert.Contains("dim=outcome%3Drejected", page.Url, StringComparison.Ordinal);
        Assert.Contains("view=table", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_page_fits_a_phone_and_a_desk_in_both_schemes()
    {
        string[] paths =
        [
            "/traces", "/traces?filter=name~image&text=a&min=nonsense", $"/traces/detail/{ImageTrace}?span={ImageSpan}", $"/traces/detail/{ImageTrace}", "/traces/detail/unknown",
            "/structuredlogs", "/structuredlogs?record=1", "/metrics", "/metrics?resource=inference&meter=Tests&instrument=image.duration",
        ];
        foreach (var (width, scheme) in new[] { (400, ColorScheme.Dark), (1280, ColorScheme.Light) })
        {
            await using var visit = await running.VisitAsync(paths[0], width, scheme);
            foreach (var path in paths)
            {
                await visit.Page.GotoAsync(running.Address + path);
                Assert.True(await visit.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{path} is wider than {width} pixels");
            }
        }
    }

    [Fact]
    public async Task A_paused_signal_keeps_nothing_and_a_cleared_one_is_empty()
    {
        await using var dashboard = await DashboardProcess.StartAsync();
        await using var visit = await running.VisitAsync(dashboard.Address + "/structuredlogs");
        var page = visit.Page;
        await Expect(page.Locator(".empty")).ToContainTextAsync("No structured logs yet");

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await dashboard.SendAsync("logs", OtlpJson.Logs("web", OtlpJson.Log("not to be kept", OtlpJson.Ago(TimeSpan.Zero))));
        await Expect(page.Locator("#live")).ToContainTextAsync("1 record not kept");

        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await dashboard.SendAsync("logs", OtlpJson.Logs("web", OtlpJson.Log("to be kept", OtlpJson.Ago(TimeSpan.Zero))));
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);

        await page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Expect(page.Locator("#confirm")).ToContainTextAsync("Remove all logs?");
        await page.Locator("#confirm button[value=yes]").ClickAsync();
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(0);
    }

    /// <summary>Requests for such addresses wait until the result is set.</summary>
    private static async Task<TaskCompletionSource> HoldAsync(IPage page, string addressPart)
    {
        var answer = new TaskCompletionSource();
        await page.RouteAsync(url => url.Contains(addressPart, StringComparison.Ordinal), async route =>
        {
            await answer.Task;
            await route.ContinueAsync();
        });
        return answer;
    }

    /// <summary>One dashboard with a few traces, logs and metrics, and one browser, for all tests of the class.</summary>
    public sealed class Running : IAsyncLifetime
    {
        private Browser? _browser;
        private DashboardProcess? _dashboard;

        internal DashboardProcess Dashboard => _dashboard!;

        internal string Address => Dashboard.Address;

        public async ValueTask InitializeAsync()
        {
            _browser = await Browser.StartAsync();
            _dashboard = await DashboardProcess.StartAsync();
            await SendTracesAsync(Dashboard);
            await Dashboard.SendAsync("logs", OtlpJson.Logs("inference", OtlpJson.Log("Classified 1 image", OtlpJson.Ago(TimeSpan.FromSeconds(30)), trace: BatchTrace, span: BatchSpan)));
            var start = OtlpJson.Ago(TimeSpan.FromMinutes(10));
            foreach (var seconds in new[] { 60, 50, 40, 30, 20, 10 })
            {
                var at = start + ((600 - (ulong)seconds) * 1_000_000_000);     // to the second, or a rate of 1 would be one of 0.9996
                await Dashboard.SendAsync("metrics", OtlpJson.Metrics("inference",
                    OtlpJson.Histogram("image.duration", start, at, 100 - seconds, (ImageTrace, ImageSpan)),
                    OtlpJson.Counter("images", start, at, ("predicted", 1_000 - seconds), ("rejected", 100 - seconds))));
            }
        }

        /// <param name="page">A path, or the address of a page elsewhere.</param>
        internal async Task<Visit> VisitAsync(string page, int width = 1280, ColorScheme scheme = ColorScheme.Light)
        {
            var errors = new List<string>();
            var opened = await _browser!.OpenAsync(width, scheme: scheme, errors: errors);
            await opened.GotoAsync(page.StartsWith('/') ? Address + page : page);
            return new Visit(opened, errors);
        }

        public async ValueTask DisposeAsync()
        {
            if (_dashboard is not null) await _dashboard.DisposeAsync();
            if (_browser is not null) await _browser.DisposeAsync();
        }

        /// <summary>The way of one image, and the batch that it was in; and a trace of the database beside.</summary>
        private static async Task SendTracesAsync(DashboardProcess dashboard)
        {
            var at = OtlpJson.Ago(TimeSpan.FromSeconds(30));
            JsonObject[] image =
            [
                OtlpJson.Span(ImageTrace, "00000000000000a1", "capture image", at, 20),
                OtlpJson.Span(ImageTrace, "00000000000000a2", "send image_data", at + 100_000, 2, parent: "00000000000000a1", kind: 4,
                    attributes: [("messaging.system", "kafka"), ("messaging.destination.name", "image_data")]),
            ];
            JsonObject[] inference =
            [
                OtlpJson.Span(ImageTrace, ImageSpan, "process image_data", at + 3_000_000, 9, parent: "00000000000000a2", kind: 5, links: [(BatchTrace, BatchSpan)]),
                OtlpJson.Span(BatchTrace, "00000000000000b1", "poll image_data", at + 2_000_000, 1, kind: 3),
                OtlpJson.Span(BatchTrace, BatchSpan, "infer batch", at + 4_000_000, 6, parent: "00000000000000b1", links: [(ImageTrace, ImageSpan)]),
            ];
            JsonObject[] store =
            [
                OtlpJson.Span("00000000000000000000000000000c01", "00000000000000c1", "bulkWrite images", at + 15_000_000, 3, kind: 3, failed: true,
                    attributes: [("db.system.name", "mongodb"), ("db.namespace", "image_database")]),
            ];
            await dashboard.SendAsync("traces", OtlpJson.Spans(("producer", image), ("inference", inference), ("db-consumer", store)));
        }
    }

    /// <summary>An open page. When it is left, no script on it may have failed.</summary>
    internal sealed class Visit(IPage page, List<string> errors) : IAsyncDisposable
    {
        public IPage Page => page;

        public async ValueTask DisposeAsync()
        {
            await page.Context.CloseAsync();
            Assert.Empty(errors);
        }
    }
}
