using System.Collections.Immutable;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Embedded.Aspire.Dashboard;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Embedded.Aspire.Running;

/// <summary>Runs the application: addresses first, then everything at once, each resource waiting for what it was told to wait for.</summary>
internal sealed class ApplicationRunner(
    IServiceProvider services, DistributedApplicationModel model, DistributedApplicationExecutionContext executionContext,
    IDistributedApplicationEventing eventing, ResourceNotificationService notifications, ResourceLoggerService logs,
    AppHostMetadata metadata, RunOptions options, ConsoleVoice voice, DashboardRunner dashboard,
    IHostApplicationLifetime lifetime, ILogger<ApplicationRunner> log) : IHostedService, IAsyncDisposable
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyz";
    private readonly EndpointAllocator _endpoints = new(options.RandomizePorts, options.Directory, log);
    private readonly DataFolders _data = new(options.Directory);
    private readonly ContainerEngine _engine = new();
    private readonly List<ReplicaRunner> _replicas = [];
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _background = [];
    private ResourceEvents? _events;
    private Task? _stopped;

    private ResourceEvents Events => _events ??= new(services, eventing, model, notifications, logs, _end.Token);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var subscriber in services.GetServices<IDistributedApplicationEventingSubscriber>())
            await subscriber.SubscribeAsync(eventing, executionContext, cancellationToken);
        await eventing.PublishAsync(new BeforeStartEvent(services, model), cancellationToken);
        await CheckParametersAsync(cancellationToken);
        foreach (var resource in model.Resources.OfType<IResourceWithEndpoints>())
        {
            _endpoints.Allocate(resource);
            await Events.EndpointsAllocatedAsync(resource);
        }
        foreach (var resource in model.Resources) await DescribeAsync(resource, cancellationToken);
        if (options.DashboardEnabled) dashboard.Start();
        eventing.Subscribe<BeforeResourceStartedEvent>(WaitForOthersAsync);
        foreach (var resource in model.Resources) await BeginAsync(resource);
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stopped ??= StopOnceAsync();

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    /// <summary>The process of that id.</summary>
    public ReplicaRunner Replica(string id) => _replicas.Single(r => r.Id == id);

    // Clients before servers: whoever waits for a resource is stopped before it, so nobody sees a server disappear.
    private async Task StopOnceAsync()
    {
        if (options.Console && _replicas.Count > 0) voice.Note("Stopping…");
        var stopping = new Dictionary<IResource, Task>();
        Task Stop(IResource resource)
        {
            if (stopping.TryGetValue(resource, out var already)) return already;
            stopping[resource] = Task.CompletedTask;    // a circle of waits ends here
            return stopping[resource] = StopAfterAsync(resource, [.. model.Resources.Where(r => DependsOn(r, resource)).Select(Stop)]);
        }
        await Task.WhenAll(model.Resources.Select(Stop).ToList());
        await _end.CancelAsync();
        await Task.WhenAll(_background);
        await dashboard.StopAsync();
        foreach (var replica in _replicas) replica.Dispose();
        _end.Dispose();
        await _endpoints.DisposeAsync();
        _data.Dispose();
    }

    private async Task StopAfterAsync(IResource resource, IReadOnlyList<Task> dependants)
    {
        await Task.WhenAll(dependants);
        await Task.WhenAll(_replicas.Where(r => r.Resource == resource).Select(r => r.EndAsync()));
    }

    private static bool DependsOn(IResource one, IResource other) =>
        one != other &&
        (one.Annotations.OfType<WaitAnnotation>().Any(w => w.Resource == other) || (one is IResourceWithParent child && child.Parent == other));

    private async Task CheckParametersAsync(CancellationToken cancellation)
    {
        foreach (var parameter in model.Resources.OfType<ParameterResource>())
        {
            try
            {
                await parameter.GetValueAsync(cancellation);
            }
            catch (MissingParameterValueException e)
            {
                var key = parameter.IsConnectionString ? "ConnectionStrings" : "Parameters";
                throw new MissingParameterValueException(
                    $"{parameter.Name}: {e.Message} Set it with --{key}:{parameter.Name} VALUE, in {key}__{parameter.Name} " +
                    "or in the AppHost's user secrets.", e);
            }
        }
    }

    private async Task DescribeAsync(IResource resource, CancellationToken cancellation)
    {
        var urls = await UrlsAsync(resource, cancellation);
        var relationships = resource.Annotations.OfType<ResourceRelationshipAnnotation>()
            .Select(r => new RelationshipSnapshot(r.Resource.Name, r.Type)).Distinct().ToImmutableArray();
        resource.TryGetLastAnnotation<ResourceIconAnnotation>(out var icon);
        ResourcePropertySnapshot[] properties = resource is ParameterResource parameter
            ? [new("Value", await parameter.GetValueAsync(cancellation)) { IsSensitive = parameter.Secret }]
            : [];
        var replicas = IsProcess(resource) ? resource.GetReplicaCount() : 0;
        if (replicas > 0) CreateReplicas(resource, replicas);
        if (options.ResourceLogging) logs.Forward(resource, options.ApplicationName);
        await notifications.PublishUpdateAsync(resource, s => s with
        {
            CreationTimeStamp = DateTime.UtcNow, Properties = [.. s.Properties, .. properties], Urls = urls, Relationships = relationships, Volumes = Volumes(resource),
            IconName = icon?.IconName ?? s.IconName, IconVariant = icon?.IconVariant ?? s.IconVariant,
        });
    }

    private void CreateReplicas(IResource resource, int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => new string(Random.Shared.GetItems<char>(Letters, 8))).ToList();
        string[] names = [.. ids.Select(id => $"{resource.Name}-{id}")];
        notifications.SetReplicaIds(resource, names);
        logs.SetReplicaIds(resource, names);
        LifecycleCommands.AddTo(resource);
        var readiness = new ResourceReadiness(count, took => OnReadyAsync(resource, took));
        var shared = new RunnerServices(
            notifications, logs, executionContext, new Launcher(metadata, options, _data, _engine),
            new HealthMonitor(services.GetRequiredService<HealthCheckService>()), voice, options, Events, OnFatal);
        for (var i = 0; i < count; i++)
            _replicas.Add(new ReplicaRunner(resource, names[i], ids[i], i, readiness, shared));
    }

    private async Task BeginAsync(IResource resource)
    {
        await Events.InitializeAsync(resource);
        if (IsProcess(resource))
        {
            foreach (var replica in _replicas.Where(r => r.Resource == resource)) replica.Begin();
        }
        else if (!SpeaksForItself(resource))
        {
            _background.Add(resource is IResourceWithParent child && IsProcess(child.Parent) ? MirrorAsync(child) : BeThereAsync(resource));
        }
    }

    // A resource of the AppHost's own kind: its handlers say what state it is in, and when it starts; then it waits for others as all do.
    private bool SpeaksForItself(IResource resource) =>
        resource.HasAnnotationOfType<ResourceSnapshotAnnotation>() ||
        (eventing as DistributedApplicationEventing)?.IsAsked<InitializeResourceEvent>(resource) == true;

    private Task WaitForOthersAsync(BeforeResourceStartedEvent starting, CancellationToken cancellation) =>
        SpeaksForItself(starting.Resource) ? notifications.WaitForDependenciesAsync(starting.Resource, cancellation) : Task.CompletedTask;

    private async Task OnReadyAsync(IResource resource, TimeSpan took)
    {
        await Events.ReadyAsync(resource);
        voice.Ready(resource.Name, What(resource), Address(resource), took);
    }

    // With a person at the console a broken server ends the run: everything waits for it. A test decides for itself.
    private void OnFatal(string problem)
    {
        if (!options.Console) return;
        FailedRun.Exit();
        lifetime.StopApplication();
    }

    // A database has no process: it is what its server is.
    private async Task MirrorAsync(IResourceWithParent child)
    {
        var readiness = new ResourceReadiness(1, _ => Events.ReadyAsync(child));
        try
        {
            await foreach (var change in notifications.WatchAsync(_end.Token))
            {
                if (change.Resource != child.Parent) continue;
                var parent = change.Snapshot;
                if (parent.Ready is null) readiness.Starting(0);
                await notifications.PublishUpdateAsync(child, s => s with
                {
                    State = parent.State, HealthStatus = parent.HealthStatus, ExitCode = parent.ExitCode,
                    StartTimeStamp = parent.StartTimeStamp, StopTimeStamp = parent.StopTimeStamp,
                    Ready = parent.Ready is null ? null : readiness.Told,
                });
                if (parent.HealthStatus == HealthStatus.Healthy) await readiness.HealthyAsync(0);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The end of the application.
        }
    }

    // A parameter, a connection string, a service elsewhere: there as soon as what it is made of is there.
    private async Task BeThereAsync(IResource resource)
    {
        try
        {
            if (Dependencies.Of(resource).Any())
                await notifications.PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Waiting });
            await notifications.WaitForDependenciesAsync(resource, _end.Token);
            await Events.ConnectionStringAvailableAsync(resource);
            await Events.BeforeStartAsync(resource);
            await Events.ReadyAsync(resource);
            await notifications.PublishUpdateAsync(resource, s => s with
            {
                State = resource is ExternalServiceResource ? KnownResourceStates.Active : KnownResourceStates.Running,
                HealthStatus = HealthStatus.Healthy, StartTimeStamp = DateTime.UtcNow, Ready = Task.CompletedTask,
            });
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The end of the application.
        }
        catch (DistributedApplicationException e)
        {
            logs.GetLogger(resource).Failed(e.Message);
            await notifications.PublishUpdateAsync(resource, s => s with
            {
                State = new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
            });
        }
    }

    private async Task<ImmutableArray<UrlSnapshot>> UrlsAsync(IResource resource, CancellationToken cancellation)
    {
        var urls = new List<ResourceUrlAnnotation>();
        if (resource is IResourceWithEndpoints owner)
        {
            urls.AddRange(owner.GetEndpoints().Where(e => e.IsAllocated).DistinctBy(e => e.Url)
                .Select(e => new ResourceUrlAnnotation { Url = e.Url, Endpoint = e }));
        }
        urls.AddRange(resource.Annotations.OfType<ResourceUrlAnnotation>());

        var context = new ResourceUrlsCallbackContext(executionContext, resource, urls, cancellation);
        foreach (var callback in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>()) await callback.Callback(context);

        return
        [
            .. context.Urls.OrderByDescending(u => u.DisplayOrder ?? 0).Select(u =>
                new UrlSnapshot(u.Endpoint?.EndpointName, Absolute(u), IsInternal: u.DisplayLocation == UrlDisplayLocation.DetailsOnly)
                {
                    DisplayProperties = new(u.DisplayText ?? "", u.DisplayOrder ?? 0),
                }),
        ];
    }

    private static ImmutableArray<VolumeSnapshot> Volumes(IResource resource) =>
    [
        .. resource.Annotations.OfType<ContainerMountAnnotation>().Select(m => new VolumeSnapshot(
            m.Source, m.Target, m.Type == ContainerMountType.BindMount ? "bind" : "volume", m.IsReadOnly)),
    ];

    private static string Absolute(ResourceUrlAnnotation url) =>
        url.Url.StartsWith('/') && url.Endpoint is { IsAllocated: true } endpoint ? endpoint.Url + url.Url : url.Url;

    private static bool IsProcess(IResource resource) => resource is ProjectResource or ExecutableResource or ContainerResource;

    private static string What(IResource resource) => resource switch
    {
        _ when resource.TryGetLastAnnotation<EmbeddedServerAnnotation>(out var server) => server.What,
        ProjectResource when resource.GetReplicaCount() is > 1 and var count => string.Create(CultureInfo.InvariantCulture, $"project × {count}"),
        ProjectResource => "project",
        _ => "program",
    };

    private static string Address(IResource resource)
    {
        if (resource is not IResourceWithEndpoints owner) return "";
        var first = owner.GetEndpoints().FirstOrDefault(e => e.IsAllocated);
        return first is null ? "" : first.Scheme is "http" or "https" ? first.Url : $"{first.Host}:{first.Port}";
    }
}
