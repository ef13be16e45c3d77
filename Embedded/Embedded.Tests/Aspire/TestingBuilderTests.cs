using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Embedded.Tests.AspireHost;

public sealed class TestingBuilderTests
{
    [Fact]
    public async Task A_test_runs_an_AppHost_and_may_change_it_before_it_is_built()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Embedded_Tests_AppHost>(["--Greeting", "hello"], Applications.Deadline());
        builder.CreateResourceBuilder((ProjectResource)builder.Resources.Single(r => r.Name == "service")).WithReplicas(1);
        await using var app = await builder.BuildAsync(Applications.Deadline());
        await app.StartAsync();

        var family = await app.ResourceNotifications.WaitForResourceHealthyAsync("family", Applications.Deadline());

        Assert.Single(app.ResourceNotifications.Current(), e => e.Resource.Name == "service");
        Assert.Contains(family.Snapshot.EnvironmentVariables, v => v is { Name: "GREETING", Value: "hello" });
        Assert.NotEqual(5299, app.GetEndpoint("service").Port);     // ports are random in tests
        Assert.True(int.Parse(await app.AskAsync("service", "/pid"), System.Globalization.CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public async Task Two_applications_of_one_AppHost_run_side_by_side()
    {
        var builders = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ =>
            DistributedApplicationTestingBuilder.CreateAsync<Projects.Embedded_Tests_AppHost>(Applications.Deadline())));
        await using var one = await builders[0].BuildAsync();
        await using var two = await builders[1].BuildAsync();
        await Task.WhenAll(one.StartAsync(), two.StartAsync());

        await Task.WhenAll(new[] { one, two }.Select(app => app.ResourceNotifications.WaitForResourceHealthyAsync("service", Applications.Deadline())));

        Assert.NotEqual(one.GetEndpoint("service"), two.GetEndpoint("service"));
    }

    [Fact]
    public async Task An_entry_point_that_fails_fails_the_test()
    {
        var builder = DistributedApplicationTestingBuilder.CreateAsync<Projects.Embedded_Tests_AppHost>(["--operation", "juggle"]);

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(() => builder);

        Assert.Contains("juggle", error.Message, StringComparison.Ordinal);
    }
}
