using System.Globalization;
using MongoDB.Driver;
using Pipeline.ServiceDefaults;

namespace Pipeline.DbConsumer;

/// <summary>
/// Tries again while the store is away: with growing pauses that differ from replica to replica, for a bounded time, and then gives up.
/// </summary>
internal sealed class StoreRetry(StoreOptions options, TimeProvider time, ILogger<StoreRetry> log)
{
    private static readonly TimeSpan FirstPauseMax = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(3);

    public Task RunAsync(Func<Task> action, CancellationToken cancellationToken) =>
        RunAsync(async () => { await action(); return true; }, cancellationToken);

    /// <exception cref="StartupException">It failed for longer than <see cref="StoreOptions.RetryFor"/>.</exception>
    public async Task<T> RunAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        for (var pauseMax = FirstPauseMax; ; pauseMax = Min(2 * pauseMax, PauseMax))
        {
            try
            {
                return await action();
            }
            catch (Exception exception) when (MayPass(exception) && !cancellationToken.IsCancellationRequested)
            {
                if (time.GetElapsedTime(startedAt) >= options.RetryFor)
                {
                    throw GaveUp(exception);
                }
                log.StoreAway(FirstLine(exception));
            }
            await Task.Delay(Random.Shared.NextDouble() * pauseMax, time, cancellationToken);
        }
    }

    // A wrong password or a malformed address stays wrong; whatever else the driver reports may be over in a moment.
    private static bool MayPass(Exception exception) =>
        exception is TimeoutException or MongoException and not (MongoAuthenticationException or MongoConfigurationException);

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private StartupException GaveUp(Exception cause) => new(
        string.Create(CultureInfo.InvariantCulture, $"MongoDB took no write for {options.RetryFor.TotalSeconds:0} s ({FirstLine(cause)})."),
        "Start it, or correct the connection string 'image-database'. Nothing is lost: the records stay in Kafka and are read again after a restart.",
        cause);

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].TrimEnd();
}
