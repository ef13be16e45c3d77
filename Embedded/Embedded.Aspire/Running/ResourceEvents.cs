using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;

namespace Embedded.Aspire.Running;

/// <summary>Tells those who asked what happens to a resource.</summary>
internal sealed class ResourceEvents(
    IServiceProvider services, IDistributedApplicationEventing eventing, DistributedApplicationModel model, ResourceNotificationService notifications,
    ResourceLoggerService logs, CancellationToken end)
{
    private readonly ConcurrentDictionary<(IResource, Type), Lazy<Task>> _firsts = [];

    // Handlers may go on for as long as the resource lives.
    public Task InitializeAsync(IResource resource) => eventing.PublishAsync(
        new InitializeResourceEvent(resource, eventing, logs, notifications, services), EventDispatchBehavior.NonBlockingConcurrent, end);

    public Task EndpointsAllocatedAsync(IResource resource) =>
        eventing.PublishAsync(new ResourceEndpointsAllocatedEvent(resource, services), end);

    /// <summary>A server's connection string, and those of its databases.</summary>
    public Task ConnectionStringAvailableAsync(IResource resource, bool isFirst = true) => resource is IResourceWithConnectionString
        ? OnceAtFirstAsync<ConnectionStringAvailableEvent>(resource, isFirst, () => ConnectionStringsAsync(resource))
        : Task.CompletedTask;

    public Task BeforeStartAsync(IResource resource, bool isFirst = true) => OnceAtFirstAsync<BeforeResourceStartedEvent>(
        resource, isFirst, () => eventing.PublishAsync(new BeforeResourceStartedEvent(resource, services), end));

    public Task ReadyAsync(IResource resource) => eventing.PublishAsync(new ResourceReadyEvent(resource, services), end);

    /// <summary>A process has ended. It cannot be held up any more, so a handler that fails is only logged.</summary>
    public async Task StoppedAsync(IResource resource, string replicaId)
    {
        if (!notifications.TryGetCurrentState(replicaId, out var last)) return;
        try
        {
            await eventing.PublishAsync(new ResourceStoppedEvent(resource, services, last), CancellationToken.None);
        }
        catch (Exception e)
        {
            logs.GetLogger(resource).HandlerFailed(nameof(ResourceStoppedEvent), e.Message);
        }
    }

    // All replicas start with the application, and that is one start of the resource; afterwards each is started for itself.
    private Task OnceAtFirstAsync<TEvent>(IResource resource, bool isFirst, Func<Task> publish) =>
        isFirst ? _firsts.GetOrAdd((resource, typeof(TEvent)), _ => new(publish)).Value : publish();

    private async Task ConnectionStringsAsync(IResource resource)
    {
        var children = model.Resources.Where(r => r is IResourceWithConnectionString and IResourceWithParent child && child.Parent == resource);
        foreach (var available in children.Prepend(resource).ToList())
            await eventing.PublishAsync(new ConnectionStringAvailableEvent(available, services), end);
    }
}
