using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Pipeline.Tests.AppHost;

public sealed class ImpatientHealthCheckTests
{
    [Fact]
    public async Task A_resource_that_becomes_healthy_while_it_is_asked_is_reported_at_once()
    {
        var asked = 0;
        var services = new ServiceCollection();
        services.AddLogging().AddHealthChecks().AddCheck("slow", () => ++asked < 3 ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy());
        ImpatientHealthCheck.UseFor(services);
        await using var provider = services.BuildServiceProvider();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal((HealthStatus.Healthy, 3), (report.Status, asked));
    }

    [Fact]
    public async Task A_resource_that_stays_away_is_reported_as_unhealthy()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddHealthChecks().AddCheck("away", () => HealthCheckResult.Unhealthy("no answer"));
        ImpatientHealthCheck.UseFor(services);
        await using var provider = services.BuildServiceProvider();

        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal("no answer", report.Entries["away"].Description);
    }
}
