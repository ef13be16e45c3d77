using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Running;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Eventing;

/// <summary>Subscriptions by event type.</summary>
public class DistributedApplicationEventing : IDistributedApplicationEventing
{
    private readonly List<(Type Event, IResource? Resource, DistributedApplicationEventSubscription Subscription)> _subscriptions = [];
    private readonly Lock _gate = new();

    /// <summary>Told of handlers that fail when nobody waits for them.</summary>
    internal ILogger? Log { get; set; }

    /// <inheritdoc/>
    public DistributedApplicationEventSubscription Subscribe<T>(Func<T, CancellationToken, Task> callback) where T : IDistributedApplicationEvent =>
        Add(resource: null, callback);

    /// <inheritdoc/>
    public DistributedApplicationEventSubscription Subscribe<T>(IResource resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationResourceEvent =>
        Add<T>(resource, (e, cancellation) => e.Resource == resource ? callback(e, cancellation) : Task.CompletedTask);

    /// <inheritdoc/>
    public void Unsubscribe(DistributedApplicationEventSubscription subscription)
    {
        lock (_gate) _subscriptions.RemoveAll(s => s.Subscription == subscription);
    }

    /// <inheritdoc/>
    public Task PublishAsync<T>(T @event, CancellationToken cancellationToken = default) where T : IDistributedApplicationEvent =>
        PublishAsync(@event, EventDispatchBehavior.BlockingSequential, cancellationToken);

    /// <inheritdoc/>
    public Task PublishAsync<T>(T @event, EventDispatchBehavior dispatchBehavior, CancellationToken cancellationToken = default)
        where T : IDistributedApplicationEvent
    {
        var isConcurrent = dispatchBehavior is EventDispatchBehavior.BlockingConcurrent or EventDispatchBehavior.NonBlockingConcurrent;
        if (dispatchBehavior is EventDispatchBehavior.BlockingSequential or EventDispatchBehavior.BlockingConcurrent)
            return DispatchAsync(@event, isConcurrent, cancellationToken);

        // This is what whoever tells has asked for; what goes wrong is logged.
        _ = Task.Run(() => DispatchAndLogAsync(@event, isConcurrent, cancellationToken), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Whether somebody asked for that event of that resource.</summary>
    internal bool IsAsked<T>(IResource resource) where T : IDistributedApplicationResourceEvent
    {
        lock (_gate) return _subscriptions.Any(s => s.Event == typeof(T) && s.Resource == resource);
    }

    private DistributedApplicationEventSubscription Add<T>(IResource? resource, Func<T, CancellationToken, Task> callback)
        where T : IDistributedApplicationEvent
    {
        var subscription = new DistributedApplicationEventSubscription((e, cancellation) => callback((T)e, cancellation));
        lock (_gate) _subscriptions.Add((typeof(T), resource, subscription));
        return subscription;
    }

    private async Task DispatchAsync<T>(T @event, bool isConcurrent, CancellationToken cancellation) where T : IDistributedApplicationEvent
    {
        DistributedApplicationEventSubscription[] asked;
        lock (_gate) asked = [.. _subscriptions.Where(s => s.Event == typeof(T)).Select(s => s.Subscription)];
        if (isConcurrent)
        {
            await Task.WhenAll(asked.Select(subscription => subscription.Callback(@event, cancellation)));
            return;
        }
        foreach (var subscription in asked) await subscription.Callback(@event, cancellation);
    }

    private async Task DispatchAndLogAsync<T>(T @event, bool isConcurrent, CancellationToken cancellation) where T : IDistributedApplicationEvent
    {
        try
        {
            await DispatchAsync(@event, isConcurrent, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Nobody needs it any more.
        }
        catch (Exception e)
        {
            Log?.HandlerFailed(typeof(T).Name, e.Message);
        }
    }
}
