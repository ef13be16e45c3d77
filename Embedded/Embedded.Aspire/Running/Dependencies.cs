using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Embedded.Aspire.Running;

/// <summary>Waits for what a resource was told to wait for.</summary>
internal static class Dependencies
{
    /// <exception cref="DistributedApplicationException">Something it waits for has failed, or ended otherwise than expected.</exception>
    public static async Task WaitAsync(
        ResourceNotificationService notifications, IResource resource, WaitBehavior defaultBehavior, CancellationToken cancellation)
    {
        using var through = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var waits = Of(resource).Select(wait => wait.WaitType switch
        {
            WaitType.WaitUntilHealthy =>
                notifications.WaitForResourceHealthyAsync(wait.Resource.Name, wait.WaitBehavior ?? defaultBehavior, through.Token),
            WaitType.WaitUntilStarted => UntilStartedAsync(notifications, wait, wait.WaitBehavior ?? defaultBehavior, through.Token),
            _ => UntilCompletedAsync(notifications, wait, through.Token),
        }).ToList();
        try
        {
            await foreach (var ended in Task.WhenEach(waits)) await ended;      // the first failure decides; the others need not end
        }
        finally
        {
            await through.CancelAsync();
        }
    }

    /// <summary>What it waits for, without resources that are simply there.</summary>
    public static IEnumerable<WaitAnnotation> Of(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>().Where(w => w.Resource is not IResourceWithoutLifetime);

    private static async Task UntilStartedAsync(
        ResourceNotificationService notifications, WaitAnnotation wait, WaitBehavior behavior, CancellationToken cancellation)
    {
        var seen = await notifications.WaitForResourceAsync(
            wait.Resource.Name,
            e => IsRunning(e) || (behavior == WaitBehavior.StopOnResourceUnavailable && ResourceNotificationService.IsTerminal(e)), cancellation);
        if (!IsRunning(seen))
            throw new DistributedApplicationException($"'{wait.Resource.Name}' is '{seen.Snapshot.State?.Text}' and will not start.");
    }

    private static async Task UntilCompletedAsync(ResourceNotificationService notifications, WaitAnnotation wait, CancellationToken cancellation)
    {
        var seen = await notifications.WaitForResourceAsync(wait.Resource.Name, ResourceNotificationService.IsTerminal, cancellation);
        if (seen.Snapshot.State?.Text == KnownResourceStates.FailedToStart)
            throw new DistributedApplicationException($"'{wait.Resource.Name}' failed to start.");
        if (seen.Snapshot.ExitCode is { } code && code != wait.ExitCode)
            throw new DistributedApplicationException($"'{wait.Resource.Name}' ended with exit code {code}, expected {wait.ExitCode}.");
    }

    private static bool IsRunning(ResourceEvent e) =>
        e.Snapshot.State?.Text == KnownResourceStates.Running || e.Snapshot.State?.Text == KnownResourceStates.Active;
}
