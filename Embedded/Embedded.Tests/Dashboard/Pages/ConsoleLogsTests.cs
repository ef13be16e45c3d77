using Embedded.Tests.AspireHost;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Embedded.Tests.Dashboard.Pages;

[Collection(nameof(SmallApplication))]
public sealed class ConsoleLogsTests(SmallApplication application)
{
    [Fact]
    public async Task Lines_are_shown_as_text_with_their_colours_and_errors_stand_out()
    {
        await using var visit = await application.VisitAsync("/consolelogs/resource/talker");

        await Expect(visit.Page.Locator("#console .line", new() { HasText = "<b>hello</b>" }).First).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("#console i.a32").First).ToHaveTextAsync("green");
        await Expect(visit.Page.Locator("#console .line.error").First).ToContainTextAsync("wrong");
    }

    [Fact]
    public async Task New_lines_appear_by_themselves_merged_with_those_of_others()
    {
        await using var visit = await application.VisitAsync("/consolelogs");
        var hello = visit.Page.Locator("#console .line", new() { HasText = "<b>hello</b>" });
        await Expect(hello.First.Locator(".of")).ToHaveTextAsync("talker");
        var before = await hello.CountAsync();

        await application.Run.Application.ResourceCommands.ExecuteCommandAsync("talker", "restart", Applications.Deadline());

        await Expect(hello).ToHaveCountAsync(before + 1);
    }

    [Fact]
    public async Task Times_and_wrapping_are_chosen_in_the_address()
    {
        await using var visit = await application.VisitAsync("/consolelogs/resource/talker?time=utc");

        await Expect(visit.Page.Locator("#console time").First).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("Z$"));
        await visit.Page.GetByLabel("Time stamps").SelectOptionAsync("off");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Wrap" }).ClickAsync();

        Assert.EndsWith("?time=off&wrap=true", visit.Page.Url, StringComparison.Ordinal);
        await Expect(visit.Page.Locator("#console time").First).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Clear_empties_the_view_and_pause_holds_it()
    {
        await using var visit = await application.VisitAsync("/consolelogs/resource/talker");
        await Expect(visit.Page.Locator("#console .line").First).ToBeVisibleAsync();

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await application.Run.Application.ResourceCommands.ExecuteCommandAsync("talker", "restart", Applications.Deadline());
        await Expect(visit.Page.Locator("#console .line")).ToHaveCountAsync(0);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();

        await Expect(visit.Page.Locator("#console .line", new() { HasText = "hello" })).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task The_log_can_be_downloaded_as_text()
    {
        await using var visit = await application.VisitAsync("/consolelogs/resource/talker");

        var download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        var text = await reader.ReadToEndAsync();

        Assert.Equal("talker.log", download.SuggestedFilename);
        Assert.Contains(" <b>hello</b>\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', text);
    }
}
