using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Embedded.Tests.AspireHost;

/// <summary>What people can have done to a resource: the host's own commands and the AppHost's.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task The_states_of_start_and_stop_follow_the_process()
    {
        var builder = Applications.New();
        builder.AddExecutable("tool", "sleep", ".", "1000").WithExplicitStart();
        await using var app = await StartAsync(builder);

        var atRest = await SeenAsync(app, "tool", KnownResourceStates.NotStarted);
        await app.ResourceCommands.ExecuteCommandAsync("tool", KnownResourceCommands.StartCommand, Applications.Deadline());
        var running = await SeenAsync(app, "tool", KnownResourceStates.Running);

        Assert.Equal(
            [ResourceCommandState.Enabled, ResourceCommandState.Hidden, ResourceCommandState.Disabled], atRest.Commands.Select(c => c.State));
        Assert.Equal(["start", "stop", "restart"], running.Commands.Select(c => c.Name));
        Assert.Equal(
            [ResourceCommandState.Hidden, ResourceCommandState.Enabled, ResourceCommandState.Enabled], running.Commands.Select(c => c.State));
        Assert.Equal(["Start", "Stop"], running.Commands.Where(c => c.IsHighlighted).Select(c => c.DisplayName));
    }

    [Fact]
    public async Task A_command_of_the_AppHost_runs_once_for_each_replica_and_shows_what_was_said_about_it()
    {
        var called = new List<string>();
        var builder = Applications.New();
        builder.AddService("service").WithReplicas(2).WithCommand("paint", "Paint it", context =>
        {
            lock (called) called.Add(context.ResourceName);
            return Task.FromResult(CommandResults.Success());
        }, new CommandOptions { Description = "Paints.", ConfirmationMessage = "Sure?", IconName = "Color", Parameter = 7, IsHighlighted = true });
        await using var app = await StartAsync(builder);
        var seen = await SeenAsync(app, "service", KnownResourceStates.Running);

        var result = await app.ResourceCommands.ExecuteCommandAsync(app.Resource("service"), "paint", Applications.Deadline());

        Assert.True(result.Success);
        Assert.Equal(2, called.Distinct().Count());
        var shown = seen.Commands.Single(c => c.Name == "paint");
        Assert.Equal(
            new("paint", ResourceCommandState.Enabled, "Paint it", "Paints.", 7, "Sure?", "Color", IconVariant: null, IsHighlighted: true), shown);
    }

    [Fact]
    public async Task A_command_that_throws_or_is_called_off_says_so()
    {
        var builder = Applications.New();
        builder.AddParameter("colour", "red")
            .WithCommand("break", "Break", _ => throw new InvalidOperationException("It is broken."))
            .WithCommand("wait", "Wait", async context =>
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return CommandResults.Success();
            });
        await using var app = await StartAsync(builder);
        using var impatient = new CancellationTokenSource();

        var broken = await app.ResourceCommands.ExecuteCommandAsync("colour", "break", Applications.Deadline());
        var waiting = app.ResourceCommands.ExecuteCommandAsync("colour", "wait", impatient.Token);
        await impatient.CancelAsync();

        Assert.Equal("It is broken.", broken.ErrorMessage);
        Assert.True((await waiting).Canceled);
        Assert.Contains("no-such", (await app.ResourceCommands.ExecuteCommandAsync("colour", "no-such", Applications.Deadline())).ErrorMessage, StringComparison.Ordinal);
        Assert.False((await app.ResourceCommands.ExecuteCommandAsync("nobody", "break", Applications.Deadline())).Success);
    }

    [Fact]
    public async Task The_AppHost_decides_when_its_command_can_be_given()
    {
        var builder = Applications.New();
        builder.AddExecutable("tool", "sleep", ".", "1000").WithExplicitStart().WithCommand(
            "poke", "Poke", _ => Task.FromResult(CommandResults.Success()), new CommandOptions
            {
                UpdateState = context => context.ResourceSnapshot.State?.Text == KnownResourceStates.Running
                    ? ResourceCommandState.Enabled
                    : throw new InvalidOperationException("asked too early"),
            });
        await using var app = await StartAsync(builder);

        var atRest = await SeenAsync(app, "tool", KnownResourceStates.NotStarted);
        await app.ResourceCommands.ExecuteCommandAsync("tool", KnownResourceCommands.StartCommand, Applications.Deadline());
        var running = await SeenAsync(app, "tool", KnownResourceStates.Running);

        Assert.Equal(ResourceCommandState.Disabled, atRest.Commands.Single(c => c.Name == "poke").State);
        Assert.Equal(ResourceCommandState.Enabled, running.Commands.Single(c => c.Name == "poke").State);
    }

    [Fact]
    public async Task A_command_can_be_a_request_to_the_resource()
    {
        var builder = Applications.New();
        builder.AddService("service").WithEnvironment("START_UNHEALTHY", "yes")
            .WithHttpCommand("/healthy", "Get well", commandName: "heal", commandOptions: new() { UpdateState = _ => ResourceCommandState.Enabled })
            .WithHttpCommand("/health", "Ask", commandName: "ask", commandOptions: new() { Method = HttpMethod.Get })
            .WithHttpCommand("/nowhere", "Get lost", commandName: "lose");
        await using var app = await StartAsync(builder);
        await app.ResourceNotifications.WaitForResourceAsync("service", e => e.Snapshot.HealthStatus == HealthStatus.Healthy, Applications.Deadline());
        await Support.Eventually.TrueAsync(() => Listens(app), Applications.Limit);

        var before = await app.ResourceCommands.ExecuteCommandAsync("service", "ask", Applications.Deadline());
        var heal = await app.ResourceCommands.ExecuteCommandAsync("service", "heal", Applications.Deadline());
        var after = await app.ResourceCommands.ExecuteCommandAsync("service", "ask", Applications.Deadline());
        var lost = await app.ResourceCommands.ExecuteCommandAsync("service", "lose", Applications.Deadline());

        Assert.Contains("503", before.ErrorMessage, StringComparison.Ordinal);
        Assert.True(heal.Success, heal.ErrorMessage);
        Assert.True(after.Success, after.ErrorMessage);
        Assert.Contains("404", lost.ErrorMessage, StringComparison.Ordinal);
    }

    private static bool Listens(DistributedApplication app)
    {
        using var client = new System.Net.Sockets.TcpClient();
        try { client.Connect("localhost", app.GetEndpoint("service", "http").Port); return true; }
        catch (System.Net.Sockets.SocketException) { return false; }
    }

    private static async Task<CustomResourceSnapshot> SeenAsync(DistributedApplication app, string name, string state) =>
        (await app.ResourceNotifications.WaitForResourceAsync(name, e => e.Snapshot.State?.Text == state, Applications.Deadline())).Snapshot;

    private static async Task<DistributedApplication> StartAsync(IDistributedApplicationTestingBuilder builder)
    {
        var app = await builder.BuildAsync();
        await app.StartAsync();
        return app;
    }
}
