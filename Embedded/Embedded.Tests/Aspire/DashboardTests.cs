using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Embedded.Tests.Support;

namespace Embedded.Tests.AspireHost;

/// <summary>The dashboard as a process of the host: how it is reached, who is let in, and that it stays as long as the application.</summary>
public sealed class DashboardTests
{
    [Fact]
    public async Task Pages_ask_for_a_login_and_the_token_of_the_console_lets_in()
    {
        await using var run = await RunWithDashboard.StartAsync(AddTalker);
        using var stranger = run.Client();
        using var visitor = run.Client();

        var refused = await stranger.GetAsync(new Uri("/", UriKind.Relative), Applications.Deadline());
        var wrong = await stranger.GetStringAsync(new Uri("/login?t=0123", UriKind.Relative), Applications.Deadline());
        var page = await visitor.GetStringAsync(new Uri(run.Settings.LoginUrl), Applications.Deadline());
        var again = await visitor.GetStringAsync(new Uri("/", UriKind.Relative), Applications.Deadline());

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("not the token", wrong, StringComparison.Ordinal);
        Assert.Contains("<h1>Resources</h1>", page, StringComparison.Ordinal);
        Assert.Contains("<h1>Resources</h1>", again, StringComparison.Ordinal);
        var cookie = run.Cookies(visitor)[".Aspire.Dashboard.Auth"]!;
        Assert.InRange(cookie.Expires, DateTime.UtcNow.AddDays(2.9).ToLocalTime(), DateTime.UtcNow.AddDays(3.1).ToLocalTime());
    }

    [Fact]
    public async Task A_configuration_without_login_lets_everybody_in()
    {
        await using var run = await RunWithDashboard.StartAsync(AddTalker, "--ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", "true");
        using var client = run.Client();

        var page = await client.GetStringAsync(new Uri("/", UriKind.Relative), Applications.Deadline());

        Assert.Contains("<h1>Resources</h1>", page, StringComparison.Ordinal);
        Assert.Equal(run.Settings.FrontendUrl.AbsoluteUri, run.Settings.LoginUrl);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Host", "evil.example")]
    public async Task Other_sites_are_refused(string header, string value)
    {
        await using var run = await RunWithDashboard.StartAsync(AddTalker, "--ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS", "true");
        using var client = run.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative));
        request.Headers.TryAddWithoutValidation(header, value);

        using var answer = await client.SendAsync(request, Applications.Deadline());

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task The_resource_service_answers_nobody_without_its_key()
    {
        await using var run = await RunWithDashboard.StartAsync(AddTalker);
        using var client = new HttpClient { BaseAddress = run.Settings.ResourceServiceUrl };
        var resources = new Uri("/api/resources", UriKind.Relative);

        using var refused = await client.GetAsync(resources, Applications.Deadline());
        client.DefaultRequestHeaders.Add("x-resource-service-api-key", run.Settings.ResourceServiceApiKey);
        using var answer = await client.GetAsync(resources, HttpCompletionOption.ResponseHeadersRead, Applications.Deadline());

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Children_are_told_where_telemetry_goes_and_with_which_key()
    {
        await using var run = await RunWithDashboard.StartAsync(builder => builder.AddService("service").WithHttpHealthCheck("/health"));
        await run.Application.ResourceNotifications.WaitForResourceHealthyAsync("service", Applications.Deadline());

        var told = await run.Application.AskAsync("service", "/environment");

        Assert.Contains($"\"OTEL_EXPORTER_OTLP_ENDPOINT\":\"{run.Settings.OtlpHttpUrl.GetLeftPart(UriPartial.Authority)}\"", told, StringComparison.Ordinal);
        Assert.Contains($"x-otlp-api-key={run.Settings.OtlpApiKey}", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dashboard_that_was_killed_is_started_again_and_ends_with_the_application()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Looks at processes through /proc.");
        int second;
        await using (var run = await RunWithDashboard.StartAsync(AddTalker))
        {
            var first = run.ProcessId!.Value;
            using (var process = System.Diagnostics.Process.GetProcessById(first)) process.Kill();

            await Eventually.TrueAsync(() => run.ProcessId is { } now && now != first, Applications.Limit);
            second = run.ProcessId!.Value;
        }
        Assert.False(ProcessTree.IsAlive(second));
    }

    [Fact]
    public async Task A_test_has_no_dashboard_unless_it_asks_for_one()
    {
        await using var builder = Applications.New();
        var service = builder.AddService("service");

        await using var app = await builder.BuildAsync();
        await app.StartAsync();

        Assert.DoesNotContain("OTEL_EXPORTER_OTLP_ENDPOINT", await Applications.EnvironmentOf(service));
        await app.StopAsync();
    }

    private static void AddTalker(IDistributedApplicationBuilder builder) => builder.AddExecutable("talker", "sh", ".", "-c", "echo '<b>hello</b>'; exec sleep 1000");
}
