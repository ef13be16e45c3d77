using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>Unhealthy while records wait and none has been finished for a while. A process that answers is not enough.</summary>
/// <param name="time">The clock.</param>
/// <param name="waiting">How many records wait, as far as the client knows.</param>
public sealed class ConsumerProgress(TimeProvider time, Func<long> waiting) : IHealthCheck
{
    /// <summary>Longer than a rebalance after a crash takes, and than a broker or a store takes to start again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private long _movedAt = time.GetTimestamp();
    private volatile string? _trouble;

    /// <summary>What the client last complained of, since something was last finished.</summary>
    public string? Trouble { set => _trouble = value; }

    /// <summary>Something has been finished.</summary>
    public void Moved()
    {
        Volatile.Write(ref _movedAt, time.GetTimestamp());
        _trouble = null;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var count = waiting();
        if (count == 0)
        {
            Volatile.Write(ref _movedAt, time.GetTimestamp());   // nothing to do is no standstill
        }

        var standing = time.GetElapsedTime(Volatile.Read(ref _movedAt));
        return Task.FromResult(standing < Patience
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, string.Create(CultureInfo.InvariantCulture,
                $"{count:N0} records wait and none has been finished for {standing.TotalSeconds:N0} s{(_trouble is { } why ? $": {why}" : "")}")));
    }
}
