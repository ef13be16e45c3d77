using Microsoft.Playwright;

namespace Embedded.Tests.Support;

/// <summary>A browser as people have it: Debian's Chromium, without a window. Every page of it is a visitor of its own.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    /// <summary>Starts the browser, or skips the test with a line that says what to install.</summary>
    public static async Task<Browser> StartAsync()
    {
        Installed.Program("chromium", "apt-get install chromium");
        var playwright = await Playwright.CreateAsync();
        try
        {
            return new Browser(playwright, await playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = "/usr/bin/chromium",
                // Root has no sandbox; the rest keeps the browser from calling home.
                Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync"],
            }));
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    /// <summary>A new page for a visitor without cookies. Errors in the page's scripts are collected in <paramref name="errors"/>.</summary>
    /// <param name="width">CSS pixels.</param>
    /// <param name="scheme">What the visitor's system prefers.</param>
    public async Task<IPage> OpenAsync(int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light, ICollection<string>? errors = null)
    {
        var context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => errors?.Add(error);
        page.Console += (_, line) => { if (line.Type == "error") { errors?.Add(line.Text); } };
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
