using Aspire.Hosting.ApplicationModel;
using Embedded.Tests.AspireHost;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Embedded.Tests.Dashboard.Pages;

[Collection(nameof(SmallApplication))]
public sealed class ResourcesPageTests(SmallApplication application)
{
    [Fact]
    public async Task The_list_shows_states_exit_codes_links_and_children()
    {
        await using var visit = await application.VisitAsync("/");

        await Expect(visit.Row("talker")).ToContainTextAsync("Running");
        await Expect(visit.Row("talker").GetByRole(AriaRole.Link, new() { Name = "Talks" })).ToHaveAttributeAsync("href", "http://localhost:9/talker");
        await Expect(visit.Row("crasher")).ToContainTextAsync("exit code 3");
        await Expect(visit.Row("listener")).ToHaveClassAsync("depth-1");
        await visit.Page.GetByLabel("Resources of talker").ClickAsync();
        await Expect(visit.Row("listener")).ToHaveCountAsync(0);
        Assert.Contains("collapsed=talker", visit.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_and_start_work_from_the_page_and_the_state_follows_by_itself()
    {
        await using var visit = await application.VisitAsync("/");
        await using var other = await application.VisitAsync("/");

        await visit.Row("listener").GetByRole(AriaRole.Button, new() { Name = "Stop listener" }).ClickAsync();
        await Expect(visit.Page.Locator(".toast")).ToContainTextAsync("listener: Stop done.");
        await Expect(other.Row("listener")).ToContainTextAsync("Finished");
        await visit.Row("listener").GetByRole(AriaRole.Button, new() { Name = "Start listener" }).ClickAsync();
        await Expect(other.Row("listener")).ToContainTextAsync("Running");

        await application.Run.Application.ResourceNotifications.WaitForResourceAsync("listener", KnownResourceStates.Running, Applications.Deadline());
    }

    [Fact]
    public async Task A_custom_command_asks_first_and_says_how_it_ended()
    {
        await using var visit = await application.VisitAsync("/");

        await visit.Row("talker").Locator("summary").ClickAsync();
        await visit.Row("talker").GetByRole(AriaRole.Button, new() { Name = "Sing" }).ClickAsync();
        await Expect(visit.Page.Locator("#confirm")).ToContainTextAsync("Really sing?");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();

        await Expect(visit.Page.Locator(".toast.bad")).ToContainTextAsync("It has no voice.");
    }

    [Fact]
    public async Task Filters_stand_in_the_address_and_come_back_with_it()
    {
        await using var visit = await application.VisitAsync("/");

        await visit.Page.GetByLabel("Search resources").FillAsync("talk");
        await Expect(visit.Row("crasher")).ToHaveCountAsync(0);
        await Expect(visit.Row("talker")).ToBeVisibleAsync();
        Assert.EndsWith("/?text=talk", visit.Page.Url, StringComparison.Ordinal);
        await visit.Page.ReloadAsync();

        await Expect(visit.Page.GetByLabel("Search resources")).ToHaveValueAsync("talk");
        await Expect(visit.Row("crasher")).ToHaveCountAsync(0);
        await visit.Page.GotoAsync(visit.Page.Url.Replace("text=talk", "text=nothing+fits", StringComparison.Ordinal));
        await Expect(visit.Page.Locator(".empty")).ToContainTextAsync("No resource fits the filters.");
    }

    [Fact]
    public async Task Details_mask_the_environment_until_somebody_asks()
    {
        await using var visit = await application.VisitAsync("/");

        await visit.Row("talker").GetByRole(AriaRole.Link, new() { Name = "talker", Exact = true }).ClickAsync();
        var variable = visit.Page.Locator("#environment tr", new() { HasText = "TALKER_PASSWORD" });
        await Expect(variable.Locator(".clear")).ToBeHiddenAsync();
        await variable.GetByRole(AriaRole.Button, new() { Name = "Show or hide TALKER_PASSWORD" }).ClickAsync();

        await Expect(variable.Locator(".clear")).ToHaveTextAsync("correct horse");
        await Expect(variable.Locator(".clear")).ToBeVisibleAsync();
        Assert.Contains("resource=talker", visit.Page.Url, StringComparison.Ordinal);
        await Expect(visit.Page.Locator("#details")).ToContainTextAsync("Waits for (from)");
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(visit.Page.Locator("#details")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Parameters_are_listed_and_secret_ones_masked()
    {
        await using var visit = await application.VisitAsync("/?view=parameters");

        await Expect(visit.Row("size")).ToContainTextAsync("42");
        await Expect(visit.Row("password").Locator(".clear")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task The_picture_leads_to_details()
    {
        await using var visit = await application.VisitAsync("/?view=graph");

        await visit.Page.GetByLabel("listener, Running").ClickAsync();

        await Expect(visit.Page.Locator("#details h2")).ToHaveTextAsync("listener");
        await Expect(visit.Page.Locator(".edge.tied")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Keys_lead_to_the_pages_and_to_help()
    {
        await using var visit = await application.VisitAsync("/");

        foreach (var (key, path) in new[] { ("c", "/consolelogs"), ("s", "/structuredlogs"), ("t", "/traces"), ("m", "/metrics"), ("r", "/") })
        {
            await visit.Page.Keyboard.PressAsync(key);
            await Expect(visit.Page).ToHaveURLAsync(new Uri(application.Run.Settings.FrontendUrl, path).AbsoluteUri);
            await Expect(visit.Page.Locator("nav a[aria-current=page]")).ToHaveAttributeAsync("href", path);
            await visit.Page.WaitForLoadStateAsync();       // its script has to run before it hears the next key
        }
        await visit.Page.Keyboard.PressAsync("?");
        await Expect(visit.Page.Locator("#shortcuts")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_theme_follows_the_system_until_somebody_chooses()
    {
        await using var visit = await application.VisitAsync("/", scheme: ColorScheme.Dark);
        var dark = await BackgroundAsync(visit);

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Theme" }).ClickAsync();
        await visit.Page.ReloadAsync();

        Assert.NotEqual(dark, await BackgroundAsync(visit));
    }

    [Theory]
    [InlineData("/", 400)]
    [InlineData("/?resource=talker", 400)]
    [InlineData("/?view=graph", 400)]
    [InlineData("/?view=parameters", 400)]
    [InlineData("/consolelogs", 400)]
    [InlineData("/?resource=talker", 1280)]
    [InlineData("/consolelogs/resource/talker", 1280)]
    public async Task No_page_is_wider_than_the_window(string path, int width)
    {
        await using var visit = await application.VisitAsync(path, width);

        Assert.False(await visit.IsTooWideAsync());
    }

    private static Task<string> BackgroundAsync(Visit visit) => visit.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
}
