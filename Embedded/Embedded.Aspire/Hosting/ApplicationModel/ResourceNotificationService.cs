using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Embedded.Aspire.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource and what it looks like now.</summary>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>Which resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Which of its replicas.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>What it looks like.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}

/// <summary>Defaults for those who wait.</summary>
public sealed class ResourceNotificationServiceOptions
{
    /// <summary>What waiters do when the awaited resource fails and nothing else was said.</summary>
    public WaitBehavior DefaultWaitBehavior { get; set; } = WaitBehavior.StopOnResourceUnavailable;
}

/// <summary>Knows the state of every resource, tells who watches, and lets callers wait.</summary>
public class ResourceNotificationService
{
    // One lock orders all updates, so a watcher sees every change once and in order.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Channel<ResourceEvent>> _watchers = [];
    private readonly ConcurrentDictionary<IResource, IReadOnlyList<string>> _replicaIds = [];
    private readonly WaitBehavior _defaultWaitBehavior;
    private readonly IServiceProvider _services;

    internal ResourceNotificationService(IServiceProvider services)
    {
        _services = services;
        _defaultWaitBehavior = services.GetRequiredService<IOptions<ResourceNotificationServiceOptions>>().Value.DefaultWaitBehavior;
    }

    /// <summary>Changes the snapshot of a resource (of each of its replicas) and tells everyone.</summary>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        foreach (var id in ReplicaIds(resource)) Publish(resource, id, stateFactory);
        return Task.CompletedTask;
    }

    /// <summary>Changes the snapshot of one replica and tells everyone.</summary>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        Publish(resource, resourceId, stateFactory);
        return Task.CompletedTask;
    }

    /// <summary>What every resource looks like now, and from then on every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>(new() { SingleReader = true });
        lock (_gate)
        {
            foreach (var known in _current.Values) channel.Writer.TryWrite(known);
            _watchers.Add(channel);
        }
        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken)) yield return change;
        }
        finally
        {
            lock (_gate) _watchers.Remove(channel);
        }
    }

    /// <summary>Waits until the resource is in a state; default: running.</summary>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits until the resource is in one of some states.</summary>
    /// <returns>The state.</returns>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var targets = targetStates.ToList();
        var found = await WaitForResourceAsync(
            resourceName, e => e.Snapshot.State is { } s && targets.Contains(s.Text, StringComparer.OrdinalIgnoreCase), cancellationToken);
        return found.Snapshot.State!.Text;
    }

    /// <summary>Waits until the resource, or one of its replicas, looks as the caller wants.</summary>
    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if (Names(change, resourceName) && predicate(change)) return change;
        }
        throw new OperationCanceledException($"The operation was cancelled while waiting for resource '{resourceName}'.");
    }

    /// <summary>Waits until the resource is running and healthy.</summary>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, _defaultWaitBehavior, cancellationToken);

    /// <summary>Waits until the resource, and each of its replicas, is running and healthy.</summary>
    /// <exception cref="DistributedApplicationException">It has failed, and <paramref name="waitBehavior"/> says to stop then.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var replicas = new Dictionary<string, ResourceEvent>(StringComparer.OrdinalIgnoreCase);
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if (!Names(change, resourceName)) continue;
            replicas[change.ResourceId] = change;
            if (waitBehavior == WaitBehavior.StopOnResourceUnavailable && IsTerminal(change))
            {
                throw new DistributedApplicationException(
                    $"Stopped waiting for resource '{resourceName}' to become healthy because it failed to start: it is '{change.Snapshot.State?.Text}'" +
                    (change.Snapshot.ExitCode is { } code ? $" with exit code {code}." : "."));
            }
            if (ReplicaIds(change.Resource).All(id => replicas.TryGetValue(id, out var e) && IsReady(e)) && IsReady(change))
            {
                await change.Snapshot.Ready!.WaitAsync(cancellationToken);
                return change;
            }
        }
        throw new OperationCanceledException($"The operation was cancelled while waiting for resource '{resourceName}'.");
    }

    /// <summary>Waits for everything that the resource was told to wait for.</summary>
    /// <exception cref="DistributedApplicationException">Something it waits for has failed.</exception>
    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken) =>
        Dependencies.WaitAsync(this, resource, _defaultWaitBehavior, cancellationToken);

    /// <summary>What a replica looks like now.</summary>
    public bool TryGetCurrentState(string resourceId, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_gate) return _current.TryGetValue(resourceId, out resourceEvent);
    }

    internal IReadOnlyList<string> ReplicaIds(IResource resource) => _replicaIds.GetValueOrDefault(resource) ?? [resource.Name];

    internal void SetReplicaIds(IResource resource, IReadOnlyList<string> ids) => _replicaIds[resource] = ids;

    internal IReadOnlyList<ResourceEvent> Current()
    {
        lock (_gate) return [.. _current.Values];
    }

    /// <summary>Whether nothing follows by itself: the resource has ended, or what it would run on is missing.</summary>
    internal static bool IsTerminal(ResourceEvent e) =>
        e.Snapshot.State is { } s && (KnownResourceStates.TerminalStates.Contains(s.Text) || s.Text == KnownResourceStates.RuntimeUnhealthy);

    private static bool IsReady(ResourceEvent e) =>
        e.Snapshot is { HealthStatus: HealthStatus.Healthy, Ready: not null } &&
        (e.Snapshot.State?.Text == KnownResourceStates.Running || e.Snapshot.State?.Text == KnownResourceStates.Active);

    private static bool Names(ResourceEvent e, string name) =>
        string.Equals(e.Resource.Name, name, StringComparison.OrdinalIgnoreCase) ||
        string.Equals(e.ResourceId, name, StringComparison.OrdinalIgnoreCase);

    private void Publish(IResource resource, string id, Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
    {
        lock (_gate)
        {
            var snapshot = change(_current.TryGetValue(id, out var known) ? known.Snapshot : Initial(resource));
            var after = new ResourceEvent(resource, id, snapshot with { Commands = Commands(resource, snapshot) });
            _current[id] = after;
            foreach (var watcher in _watchers) watcher.Writer.TryWrite(after);
        }
    }

    private static CustomResourceSnapshot Initial(IResource resource) =>
        resource.TryGetLastAnnotation<ResourceSnapshotAnnotation>(out var initial)
            ? initial.InitialSnapshot
            : new() { ResourceType = TypeName(resource), Properties = [] };

    private ImmutableArray<ResourceCommandSnapshot> Commands(IResource resource, CustomResourceSnapshot snapshot) =>
    [
        .. resource.Annotations.OfType<ResourceCommandAnnotation>().ToList().Select(c => new ResourceCommandSnapshot(
            c.Name, State(c, snapshot), c.DisplayName, c.DisplayDescription, c.Parameter, c.ConfirmationMessage, c.IconName, c.IconVariant,
            c.IsHighlighted)),
    ];

    private ResourceCommandState State(ResourceCommandAnnotation command, CustomResourceSnapshot snapshot)
    {
        try
        {
            return command.UpdateState(new UpdateCommandStateContext { ResourceSnapshot = snapshot, ServiceProvider = _services });
        }
        catch (Exception)
        {
            return ResourceCommandState.Disabled;       // the AppHost's own code must not stop the resource
        }
    }

    private static string TypeName(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ExecutableResource => "Executable",
        ContainerResource => "Container",
        ParameterResource => "Parameter",
        _ => resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal),
    };
}
