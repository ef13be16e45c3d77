namespace Embedded.Tests.Support;

[Trait("Speed", "slow")]
public sealed class BrowserTests
{
    [Fact]
    public async Task A_page_is_shown_and_its_script_errors_are_collected()
    {
        var errors = new List<string>();
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(width: 400, errors: errors);

        await page.SetContentAsync("<h1>Hello</h1><script>document.title = innerWidth; missing()</script>");

        Assert.Equal("Hello", await page.TextContentAsync("h1"));
        Assert.Equal("400", await page.TitleAsync());
        Assert.Contains("missing is not defined", Assert.Single(errors), StringComparison.Ordinal);
    }
}
