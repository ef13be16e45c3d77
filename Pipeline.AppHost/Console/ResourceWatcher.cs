using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.Hosting;

/// <summary>Watches what becomes of the resources.</summary>
/// <remarks>Begins before the resources do: a hosted service would start only after everything was created.</remarks>
internal abstract class ResourceWatcher(IHostApplicationLifetime lifetime) : IDistributedApplicationEventingSubscriber, IAsyncDisposable
{
    private Task _watching = Task.CompletedTask;

    public Task SubscribeAsync(
        IDistributedApplicationEventing eventing, DistributedApplicationExecutionContext executionContext, CancellationToken cancellationToken)
    {
        eventing.Subscribe<BeforeStartEvent>((_, _) =>
        {
            _watching = WatchAsync(lifetime.ApplicationStopping);
            return Task.CompletedTask;
        });
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Runs until the application stops.</summary>
    protected abstract Task WatchAsync(CancellationToken stoppingToken);

    /// <summary>What people call it: an embedded server by its own name, and not by its program's.</summary>
    protected static string NameOf(IResource resource) => EmbeddedProcessAnnotation.IsOn(resource, out var server) ? server.Name : resource.Name;
}
