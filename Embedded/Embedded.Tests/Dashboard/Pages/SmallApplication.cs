using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Embedded.Tests.AspireHost;
using Embedded.Tests.Support;
using Microsoft.Playwright;

namespace Embedded.Tests.Dashboard.Pages;

/// <summary>An application with one resource of each sort, its dashboard, and a browser; shared by the tests of the pages.</summary>
[CollectionDefinition(nameof(SmallApplication))]
public sealed class SmallApplication : IAsyncLifetime, ICollectionFixture<SmallApplication>
{
    private Browser? _browser;
    private RunWithDashboard? _run;

    internal RunWithDashboard Run => _run ?? throw new InvalidOperationException("The application has not been started.");

    public async ValueTask InitializeAsync()
    {
        _browser = await Browser.StartAsync();
        _run = await RunWithDashboard.StartAsync(Describe);
    }

    public async ValueTask DisposeAsync()
    {
        if (_run is not null) await _run.DisposeAsync();
        if (_browser is not null) await _browser.DisposeAsync();
    }

    /// <summary>A page of a visitor who has logged in.</summary>
    internal async Task<Visit> VisitAsync(string path, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var errors = new List<string>();
        var page = await _browser!.OpenAsync(width, scheme: scheme, errors: errors);
        page.SetDefaultTimeout((float)Applications.Limit.TotalMilliseconds);
        await page.GotoAsync($"{Run.Settings.LoginUrl}&returnUrl={Uri.EscapeDataString(path)}");
        return new Visit(page, errors);
    }

    private static void Describe(IDistributedApplicationBuilder builder)
    {
        var secret = builder.AddParameter("password", "correct horse", secret: true);
        builder.AddParameter("size", "42");
        var talker = builder.AddExecutable("talker", "sh", ".", "-c", "echo '<b>hello</b>'; printf '\\033[32mgreen\\033[0m\\n'; echo wrong >&2; exec sleep 1000")
            .WithEnvironment("TALKER_PASSWORD", secret)
            .WithUrl("http://localhost:9/talker", "Talks")
            .WithCommand("sing", "Sing", _ => Task.FromResult(CommandResults.Failure("It has no voice.")), new CommandOptions { ConfirmationMessage = "Really sing?" });
        builder.AddExecutable("listener", "sh", ".", "-c", "exec sleep 1000").WaitFor(talker).WithParentRelationship(talker);
        builder.AddExecutable("crasher", "sh", ".", "-c", "exit 3");
    }
}

/// <summary>An open page, and what its scripts complained about.</summary>
internal sealed class Visit(IPage page, List<string> errors) : IAsyncDisposable
{
    public IPage Page => page;

    public ILocator Row(string name) => page.Locator("tr", new() { Has = page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }) });

    public async Task<bool> IsTooWideAsync() =>
        await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth");

    /// <summary>Closes the page. An error in a script fails the test.</summary>
    public async ValueTask DisposeAsync()
    {
        await page.Context.CloseAsync();
        Assert.Empty(errors);
    }
}
