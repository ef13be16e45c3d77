using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

internal static class RestartAfterCrashExtensions
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(30);

    /// <summary>A run as long as this was no crash loop; the next restart comes at once again.</summary>
    private static readonly TimeSpan SteadyRun = TimeSpan.FromMinutes(1);

    /// <summary>Starts a program that ended with an error again, as a cluster would: at once, then after 1, 2, 4 … 30 s.</summary>
    public static IResourceBuilder<T> WithRestartAfterCrash<T>(this IResourceBuilder<T> resource)
        where T : IResource
    {
        if (!resource.ApplicationBuilder.ExecutionContext.IsRunMode)
            return resource;
        var failures = 0;
        resource.ApplicationBuilder.Eventing.Subscribe<ResourceStoppedEvent>(resource.Resource, (e, cancellationToken) =>
        {
            var stopping = e.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            var snapshot = e.ResourceEvent.Snapshot;
            if (snapshot.ExitCode is null or 0 || stopping.IsCancellationRequested)
                return Task.CompletedTask;
            if (snapshot.StopTimeStamp - snapshot.StartTimeStamp > SteadyRun)
                failures = 0;
            var delay = failures == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(LongestDelay.TotalSeconds, Math.Pow(2, failures - 1)));
            failures++;
            _ = StartAgainAsync(e, delay, stopping);
            return Task.CompletedTask;
        });
        return resource;
    }

    private static async Task StartAgainAsync(ResourceStoppedEvent e, TimeSpan delay, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, cancellationToken);
        e.Services.GetRequiredService<ResourceLoggerService>().GetLogger(e.Resource)
            .Restarting(e.ResourceEvent.Snapshot.ExitCode);
        await e.Services.GetRequiredService<ResourceCommandService>()
            .ExecuteCommandAsync(e.ResourceEvent.ResourceId, KnownResourceCommands.StartCommand, cancellationToken);
    }
}
