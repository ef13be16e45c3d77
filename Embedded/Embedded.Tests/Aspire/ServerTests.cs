using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Embedded.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Embedded.Tests.AspireHost;

/// <summary>The servers of the embedded stack as resources of an application.</summary>
public sealed class ServerTests
{
    [Fact]
    public async Task Kafka_is_healthy_when_it_answers_in_its_own_protocol()
    {
        var builder = Applications.New();
        var kafka = builder.AddKafka("broker").WithKafkaUI();
        builder.AddExecutable("client", "sleep", ".", "1000").WaitFor(kafka);
        await using var app = await builder.BuildAsync();
        await app.StartAsync();

        await app.ResourceNotifications.WaitForResourceHealthyAsync("client", Applications.Deadline());

        Assert.Equal($"127.0.0.1:{kafka.Resource.PrimaryEndpoint.Port}", await app.GetConnectionStringAsync("broker"));
        Assert.Contains(Log(app, "broker"), line => line.EndsWith($"listening 127.0.0.1:{kafka.Resource.PrimaryEndpoint.Port}", StringComparison.Ordinal));
        Assert.Contains(Log(app, "broker"), line => line.Contains("WithKafkaUI", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MongoDB_and_its_databases_are_healthy_when_the_server_answers()
    {
        var builder = Applications.New();
        var images = builder.AddMongoDB("mongodb").WithMongoExpress().AddDatabase("image-database", "image_database");
        builder.AddExecutable("client", "sleep", ".", "1000").WaitFor(images);
        await using var app = await builder.BuildAsync();
        await app.StartAsync();

        await app.ResourceNotifications.WaitForResourceHealthyAsync("client", Applications.Deadline());

        Assert.EndsWith("/image_database", await app.GetConnectionStringAsync("image-database"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_server_comes_back_on_its_port_and_those_who_use_it_run_on()
    {
        var builder = Applications.New();
        var kafka = builder.AddKafka("broker");
        builder.AddExecutable("client", "sleep", ".", "1000").WaitFor(kafka);
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        var client = await app.ResourceNotifications.WaitForResourceHealthyAsync("client", Applications.Deadline());
        var healthy = await app.ResourceNotifications.WaitForResourceHealthyAsync("broker", Applications.Deadline());
        var port = kafka.Resource.PrimaryEndpoint.Port;

        using (var process = Process.GetProcessById((int)healthy.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value!)) process.Kill();
        await app.ResourceNotifications.WaitForResourceAsync(
            "broker", e => e.Snapshot is { Restarts: 1, HealthStatus: HealthStatus.Healthy }, Applications.Deadline());

        Assert.Equal(port, kafka.Resource.PrimaryEndpoint.Port);
        var after = app.ResourceNotifications.Current().Single(e => e.Resource.Name == "client");
        Assert.Equal((KnownResourceStates.Running, client.Snapshot.StartTimeStamp), (after.Snapshot.State?.Text, after.Snapshot.StartTimeStamp));
    }

    [Fact]
    public async Task Data_goes_where_a_mount_says_and_is_still_there_afterwards()
    {
        using var folder = new TemporaryFolder();
        var builder = Applications.New();
        builder.AddKafka("broker").WithDataBindMount(folder.File("kafka"));
        await using (var app = await builder.BuildAsync())
        {
            await app.StartAsync();
            await app.ResourceNotifications.WaitForResourceHealthyAsync("broker", Applications.Deadline());
        }

        Assert.NotEmpty(Directory.EnumerateFileSystemEntries(folder.File("kafka")));
    }

    [Fact]
    public async Task A_server_that_cannot_have_its_folder_fails_to_start_with_those_who_wait()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("kafka"), "a file where the folder should be");
        var builder = Applications.New();
        var kafka = builder.AddKafka("broker").WithDataBindMount(folder.File("kafka"));
        builder.AddExecutable("client", "sleep", ".", "1000").WaitFor(kafka);
        await using var app = await builder.BuildAsync();
        await app.StartAsync();

        await app.ResourceNotifications.WaitForResourceAsync("client", KnownResourceStates.FailedToStart, Applications.Deadline());

        Assert.Contains(Log(app, "broker"), line => line.Contains("before it was ready", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Log(DistributedApplication app, string name) =>
        app.Services.GetRequiredService<ResourceLoggerService>().Tail(name, count: 100);
}
