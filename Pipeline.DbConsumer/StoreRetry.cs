using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Driver;
using Pipeline.ServiceDefaults;

namespace Pipeline.DbConsumer;

/// <summary>
/// Tries again while the store is away or takes no writes: with growing pauses that differ from replica to replica, for as long as it takes.
/// Meanwhile the service is unhealthy and says why; the records stay in Kafka.
/// </summary>
internal sealed class StoreRetry(StoreOptions options, TimeProvider time, ILogger<StoreRetry> log) : IHealthCheck
{
    private static readonly TimeSpan FirstPauseMax = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(3);

    private volatile string? _problem;

    /// <summary>For as long as it takes.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken) => RunAsync(action, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>For <see cref="StoreOptions.StartWithin"/>: whoever has just started wants to know of a wrong address.</summary>
    /// <exception cref="StartupException">It failed for longer.</exception>
    public Task StartAsync(Func<Task> action, CancellationToken cancellationToken) =>
        RunAsync(async () => { await action(); return true; }, options.StartWithin, cancellationToken);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_problem is { } problem ? new HealthCheckResult(context.Registration.FailureStatus, $"MongoDB takes no writes: {problem}") : HealthCheckResult.Healthy());

    private async Task<T> RunAsync<T>(Func<Task<T>> action, TimeSpan limit, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        for (var pauseMax = FirstPauseMax; ; pauseMax = Min(2 * pauseMax, PauseMax))
        {
            try
            {
                var result = await action();
                _problem = null;
                return result;
            }
            catch (Exception exception) when (MayPass(exception) && !cancellationToken.IsCancellationRequested)
            {
                if (limit != Timeout.InfiniteTimeSpan && time.GetElapsedTime(startedAt) >= limit)
                {
                    throw GaveUp(exception);
                }
                _problem = FirstLine(exception);
                log.StoreAway(_problem);
            }
            await Task.Delay(Random.Shared.NextDouble() * pauseMax, time, cancellationToken);
        }
    }

    // A wrong password or a malformed address stays wrong; whatever else the driver reports may be over in a moment.
    private static bool MayPass(Exception exception) =>
        exception is TimeoutException or MongoException and not (MongoAuthenticationException or MongoConfigurationException);

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private StartupException GaveUp(Exception cause) => new(
        string.Create(CultureInfo.InvariantCulture, $"MongoDB did not answer for {options.StartWithin.TotalSeconds:0} s ({FirstLine(cause)})."),
        "Start it, or correct the connection string 'image-database'. Nothing is lost: the records stay in Kafka and are read after the next start.",
        cause);

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].TrimEnd();
}
