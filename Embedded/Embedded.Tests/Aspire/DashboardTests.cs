using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Embedded.Aspire.Dashboard;
using Microsoft.Extensions.DependencyInjection;

namespace Embedded.Tests.AspireHost;

public sealed class DashboardTests
{
    [Fact]
    public async Task The_page_comes_with_everything_it_needs()
    {
        await using var app = await StartAsync();
        using var client = Client(app);

        foreach (var path in (string[])["/", "/page.css", "/page.js"])
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Applications.Deadline());
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("default-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.DoesNotContain("https://", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task States_and_log_lines_arrive_as_events()
    {
        await using var app = await StartAsync();
        using var client = Client(app);

        Assert.Contains("\"state\":\"Running\"", await FirstEventAsync(client, "api/resources", "\"state\":\"Running\""), StringComparison.Ordinal);
        // JSON escapes the angle bracket, and the page only ever makes text of it.
        Assert.Contains("hello", await FirstEventAsync(client, "api/logs/talker", "hello"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Buttons_work()
    {
        await using var app = await StartAsync();
        using var client = Client(app);

        using var stopped = await client.PostAsync(new Uri("api/commands/talker/stop", UriKind.Relative), content: null, Applications.Deadline());
        using var again = await client.PostAsync(new Uri("api/commands/talker/paint", UriKind.Relative), content: null, Applications.Deadline());

        Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        await app.ResourceNotifications.WaitForResourceAsync("talker", KnownResourceStates.Finished, Applications.Deadline());
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Host", "evil.example")]
    public async Task Other_sites_are_refused(string header, string value)
    {
        await using var app = await StartAsync();
        using var client = Client(app);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("api/commands/talker/stop", UriKind.Relative));
        request.Headers.TryAddWithoutValidation(header, value);

        using var answer = await client.SendAsync(request, Applications.Deadline());

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static async Task<DistributedApplication> StartAsync()
    {
        var builder = DistributedApplicationTestingBuilder.Create([], (options, _) => options.DisableDashboard = false);
        builder.AddExecutable("talker", "sh", ".", "-c", "echo '<b>hello</b>'; sleep 1000");
        var app = await builder.BuildAsync();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("talker", Applications.Deadline());
        return app;
    }

    private static HttpClient Client(DistributedApplication app) =>
        new() { BaseAddress = new Uri(app.Services.GetRequiredService<DashboardServer>().Url! + "/") };

    private static async Task<string> FirstEventAsync(HttpClient client, string path, string wanted)
    {
        using var reader = new StreamReader(await client.GetStreamAsync(new Uri(path, UriKind.Relative), Applications.Deadline()));
        while (await reader.ReadLineAsync(Applications.Deadline()) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && line.Contains(wanted, StringComparison.Ordinal)) return line;
        }
        throw new InvalidOperationException($"{path} ended without '{wanted}'.");
    }
}
