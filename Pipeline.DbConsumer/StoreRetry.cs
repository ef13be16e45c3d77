using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Driver;
using Pipeline.ServiceDefaults;
using Polly;
using Polly.Retry;

namespace Pipeline.DbConsumer;

/// <summary>
/// Tries again while the store is away or takes no writes: with growing pauses that differ from replica to replica, for as long as it takes.
/// Meanwhile the service is unhealthy and says why; the records stay in Kafka.
/// </summary>
internal sealed class StoreRetry : IHealthCheck
{
    private readonly StoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<StoreRetry> _log;
    private readonly ResiliencePipeline _endless;
    private volatile string? _problem;

    public StoreRetry(StoreOptions options, TimeProvider time, ILogger<StoreRetry> log)
    {
        (_options, _time, _log) = (options, time, log);
        _endless = Retry(static () => true);
    }

    /// <summary>For as long as it takes.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        var result = await _endless.ExecuteAsync(async _ => await action(), cancellationToken);
        _problem = null;
        return result;
    }

    /// <summary>For <see cref="StoreOptions.StartWithin"/>: whoever has just started wants to know of a wrong address.</summary>
    /// <exception cref="StartupException">It failed for longer.</exception>
    public async Task StartAsync(Func<Task> action, CancellationToken cancellationToken)
    {
        var startedAt = _time.GetTimestamp();
        try
        {
            await Retry(() => _time.GetElapsedTime(startedAt) < _options.StartWithin).ExecuteAsync(async _ => await action(), cancellationToken);
        }
        catch (Exception exception) when (MayPass(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw new StartupException(
                string.Create(CultureInfo.InvariantCulture, $"MongoDB did not answer for {_options.StartWithin.TotalSeconds:0} s ({FirstLine(exception)})."),
                "Start it, or correct the connection string 'image-database'. Nothing is lost: the records stay in Kafka and are read after the next start.",
                exception);
        }
        _problem = null;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_problem is { } problem ? new HealthCheckResult(context.Registration.FailureStatus, $"MongoDB takes no writes: {problem}") : HealthCheckResult.Healthy());

    private ResiliencePipeline Retry(Func<bool> goesOn) => new ResiliencePipelineBuilder { TimeProvider = _time }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } exception && MayPass(exception) && goesOn()),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(50),
            MaxDelay = TimeSpan.FromSeconds(3),
            OnRetry = args =>
            {
                _problem = FirstLine(args.Outcome.Exception!);
                _log.StoreAway(_problem);
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    // A wrong password or a malformed address stays wrong; whatever else the driver reports may be over in a moment.
    private static bool MayPass(Exception exception) =>
        exception is TimeoutException or MongoException and not (MongoAuthenticationException or MongoConfigurationException);

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].TrimEnd();
}
