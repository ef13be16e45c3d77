using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Aspire.Hosting.Testing;
using Embedded.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Embedded.Tests.AspireHost;

/// <summary>What an AppHost is told, and in which order.</summary>
public sealed class EventTests
{
    [Fact]
    public async Task The_life_of_a_resource_is_told_in_order()
    {
        var told = new ConcurrentQueue<string>();
        var builder = Applications.New();
        var kafka = builder.AddKafka("broker")
            .OnResourceEndpointsAllocated((_, _, _) => Tell("allocated"))
            .OnConnectionStringAvailable((_, _, _) => Tell("connection string"))
            .OnBeforeResourceStarted((_, _, _) => Tell("before start"))
            .OnResourceReady((_, _, _) => Tell("ready"))
            .OnResourceStopped((_, e, _) => Tell($"stopped: {e.ResourceEvent.Snapshot.State?.Text}"));
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("broker", Applications.Deadline());
        Assert.NotNull(await kafka.Resource.ConnectionStringExpression.GetValueAsync(Applications.Deadline()));

        await app.StopAsync();

        Assert.Equal(["allocated", "connection string", "before start", "ready", "stopped: Exited"], told);
        Task Tell(string what) { told.Enqueue(what); return Task.CompletedTask; }
    }

    [Fact]
    public async Task Ready_is_told_once_for_each_start_and_before_start_once_for_all_replicas()
    {
        var (starts, ready) = (0, 0);
        var builder = Applications.New();
        builder.AddService("service").WithReplicas(2).WithHttpHealthCheck("/health")
            .OnBeforeResourceStarted((_, _, _) => { Interlocked.Increment(ref starts); return Task.CompletedTask; })
            .OnResourceReady((_, _, _) => { Interlocked.Increment(ref ready); return Task.CompletedTask; });
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceHealthyAsync("service", Applications.Deadline());
        var (startsAtFirst, readyAtFirst) = (starts, ready);

        var replica = app.ResourceNotifications.Current().First(e => e.Resource.Name == "service").ResourceId;
        await app.ResourceCommands.ExecuteCommandAsync(replica, KnownResourceCommands.RestartCommand, Applications.Deadline());

        await Eventually.TrueAsync(() => ready == 2, Applications.Limit, () => $"told {ready} times");
        Assert.Equal((1, 1), (startsAtFirst, readyAtFirst));
        Assert.Equal(2, starts);
    }

    [Fact]
    public async Task Those_who_wait_are_held_until_the_handlers_of_ready_are_through()
    {
        var seeded = new TaskCompletionSource();
        var builder = Applications.New();
        var server = builder.AddExecutable("server", "sleep", ".", "1000").OnResourceReady((_, _, _) => seeded.Task);
        builder.AddExecutable("client", "sleep", ".", "1000").WaitFor(server);
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("server", e => e.Snapshot.HealthStatus == HealthStatus.Healthy, Applications.Deadline());
        await app.ResourceNotifications.WaitForResourceAsync("client", KnownResourceStates.Waiting, Applications.Deadline());

        seeded.SetResult();

        await app.ResourceNotifications.WaitForResourceAsync("client", KnownResourceStates.Running, Applications.Deadline());
    }

    [Fact]
    public async Task A_resource_of_the_AppHosts_own_kind_waits_and_says_itself_when_it_runs()
    {
        var builder = Applications.New();
        var service = builder.AddService("service").WithEnvironment("START_UNHEALTHY", "yes").WithHttpHealthCheck("/health");
        builder.AddResource(new Clock("clock"))
            .WithInitialState(new CustomResourceSnapshot { ResourceType = "Clock", Properties = [new("zone", "UTC")] })
            .WithIconName("Clock")
            .WaitFor(service)
            .OnInitializeResource(async (clock, e, cancellation) =>
            {
                await e.Eventing.PublishAsync(new BeforeResourceStartedEvent(clock, e.Services), cancellation);
                await e.Notifications.PublishUpdateAsync(clock, s => s with { State = KnownResourceStates.Running });
            });
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        await app.ResourceNotifications.WaitForResourceAsync("service", e => e.Snapshot.HealthStatus == HealthStatus.Unhealthy, Applications.Deadline());
        var waiting = app.ResourceNotifications.Current().Single(e => e.ResourceId == "clock").Snapshot;
        await Eventually.TrueAsync(() => app.ResourceNotifications.Current()
            .Any(e => e.Snapshot.HealthReports.Any(r => r.Description?.Contains("503", StringComparison.Ordinal) == true)), Applications.Limit);

        await app.TellAsync("service", "/healthy");
        var running = await app.ResourceNotifications.WaitForResourceAsync("clock", e => e.Snapshot.State?.Text == KnownResourceStates.Running, Applications.Deadline());

        Assert.Null(waiting.State);
        Assert.Equal(("Clock", "Clock"), (running.Snapshot.ResourceType, running.Snapshot.IconName));
    }

    [Fact]
    public async Task A_subscriber_among_the_services_hears_the_first_event()
    {
        var builder = Applications.New();
        builder.Services.TryAddEventingSubscriber<Listener>();
        builder.Services.TryAddEventingSubscriber<Listener>();
        await using var app = await builder.BuildAsync();

        await app.StartAsync();

        Assert.Equal(1, Assert.IsType<Listener>(Assert.Single(app.Services.GetServices<IDistributedApplicationEventingSubscriber>())).Starts);
    }

    [Theory]
    [InlineData(EventDispatchBehavior.BlockingConcurrent)]
    [InlineData(EventDispatchBehavior.NonBlockingSequential)]
    [InlineData(EventDispatchBehavior.NonBlockingConcurrent)]
    public async Task Handlers_are_called_as_whoever_tells_wants(EventDispatchBehavior behavior)
    {
        var eventing = new DistributedApplicationEventing();
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        eventing.Subscribe<Bell>((_, _) => first.Task);
        eventing.Subscribe<Bell>((_, _) => { second.SetResult(); return Task.CompletedTask; });

        var publishing = eventing.PublishAsync(new Bell(), behavior);

        if (behavior != EventDispatchBehavior.NonBlockingSequential) await second.Task.WaitAsync(Applications.Limit);
        Assert.Equal(behavior != EventDispatchBehavior.BlockingConcurrent, publishing.IsCompleted);
        first.SetResult();
        await publishing;
        await second.Task.WaitAsync(Applications.Limit);
    }

    private sealed class Bell : IDistributedApplicationEvent;

    private sealed class Clock(string name) : Resource(name), IResourceWithWaitSupport;

    private sealed class Listener : IDistributedApplicationEventingSubscriber
    {
        public int Starts { get; private set; }

        public Task SubscribeAsync(
            IDistributedApplicationEventing eventing, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
        {
            eventing.Subscribe<BeforeStartEvent>((_, _) => { Starts++; return Task.CompletedTask; });
            return Task.CompletedTask;
        }
    }
}
