using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
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
        {
            return resource;
        }

        var crashes = new ConcurrentDictionary<string, int>();       // in a row, by replica
        return resource.OnResourceStopped(async (_, e, _) =>
        {
            var stopping = e.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            var (id, snapshot) = (e.ResourceEvent.ResourceId, e.ResourceEvent.Snapshot);
            if (snapshot.ExitCode is null or 0 || stopping.IsCancellationRequested)
            {
                return;
            }

            if (snapshot.StopTimeStamp - snapshot.StartTimeStamp > SteadyRun)
            {
                crashes[id] = 0;
            }

            var count = crashes.AddOrUpdate(id, 1, (_, before) => before + 1);
            await Task.Delay(DelayBefore(count), stopping);
            e.Services.GetRequiredService<ResourceLoggerService>().GetLogger(e.Resource).Restarting(snapshot.ExitCode);
            await e.Services.GetRequiredService<ResourceCommandService>().ExecuteCommandAsync(id, KnownResourceCommands.StartCommand, stopping);
        });
    }

    private static TimeSpan DelayBefore(int crash) =>
        crash == 1 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(LongestDelay.TotalSeconds, Math.Pow(2, crash - 2)));
}
