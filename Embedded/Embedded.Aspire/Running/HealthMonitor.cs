using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Embedded.Aspire.Running;

/// <summary>
/// Asks again and again whether a running replica is healthy: often until it first is, because others wait for that; then rarely,
/// and more often again while it is not.
/// </summary>
internal sealed class HealthMonitor(HealthCheckService checks)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StartMaxDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan HealthyDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UnhealthyDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UnhealthyMaxDelay = TimeSpan.FromSeconds(5);

    /// <summary>Runs until cancelled; tells every result.</summary>
    public async Task WatchAsync(
        IResource resource, int replicaIndex, Func<HealthStatus, ImmutableArray<HealthReportSnapshot>, Task> onResult, CancellationToken cancellation)
    {
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(a => a.Key).ToHashSet();
        if (keys.Count == 0)
        {
            await onResult(HealthStatus.Healthy, []);
            return;
        }

        HttpProbe.ReplicaIndex.Value = replicaIndex;
        var (delay, wasHealthy) = (FirstDelay, false);
        while (!cancellation.IsCancellationRequested)
        {
            var report = await checks.CheckHealthAsync(r => keys.Contains(r.Name), cancellation);
            var reports = Reports(keys, report);
            var status = reports.Min(r => r.Status) ?? HealthStatus.Unhealthy;      // the worst counts
            await onResult(status, reports);

            if (status == HealthStatus.Healthy) (delay, wasHealthy) = (HealthyDelay, true);
            else if (!wasHealthy) delay = Shorter(delay * 1.25, StartMaxDelay);
            else delay = delay == HealthyDelay ? UnhealthyDelay : Shorter(delay + UnhealthyDelay, UnhealthyMaxDelay);
            await Task.Delay(delay, cancellation);
        }
    }

    private static ImmutableArray<HealthReportSnapshot> Reports(HashSet<string> keys, HealthReport report) =>
    [
        .. keys.Select(key => report.Entries.TryGetValue(key, out var entry)
            ? new HealthReportSnapshot(key, entry.Status, entry.Description, entry.Exception?.Message)
            : new HealthReportSnapshot(key, HealthStatus.Unhealthy, $"No health check is registered under the key '{key}'.", null)),
    ];

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
