using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Contracts;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>
/// Before any worker starts: Kafka answers and the topics are there. And they stay: a broker that comes back with an empty volume gets them again.
/// Every service does this, so the order in which they start does not matter; whoever comes second finds them.
/// </summary>
internal sealed class TopicWatch : BackgroundService, IStartupStep
{
    private static readonly TimeSpan ReachableWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly string _servers;
    private readonly Lazy<IAdminClient> _admin;
    private readonly Lazy<TopicProvisioning> _topics;
    private readonly string _connectionName;
    private bool _disposed;

    public TopicWatch(string connectionName, IConfiguration configuration, ILogger<TopicWatch> log)
    {
        _connectionName = connectionName;
        _servers = configuration.GetConnectionString(connectionName) ?? "";
        _admin = new(() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _servers })
            .SetLogHandler((_, _) => { })                    // what it would say is said in one line
            .SetErrorHandler((_, _) => { })
            .Build());
        _topics = new(() => new TopicProvisioning(_admin.Value, log));
    }

    /// <exception cref="StartupException">Kafka does not answer, or does not allow it.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(_servers))
        {
            throw new StartupException($"The connection string '{_connectionName}' is missing.",
                $"Start through Pipeline.AppHost, or set ConnectionStrings__{_connectionName}=HOST:PORT of a Kafka broker.");
        }

        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await _topics.Value.EnsureAsync(cancellationToken);
                return;
            }
            catch (CreateTopicsException refused)
            {
                throw new StartupException($"Kafka at {_servers} does not create the topics ({refused.Error.Reason}).",
                    $"Allow it, or create {string.Join(", ", Topics.All.Select(topic => topic.Name))} by hand.", refused);
            }
            catch (KafkaException away) when (TimeProvider.System.GetElapsedTime(began) >= ReachableWithin)
            {
                throw new StartupException($"Kafka at {_servers} does not answer ({away.Error.Reason}).",
                    "Start the broker, or correct the connection string 'kafka'.", away);
            }
            catch (KafkaException)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await _topics.Value.EnsureAsync(stoppingToken);
            }
            catch (KafkaException)
            {
                // Away, which others tell; the next round finds it.
            }
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        if (_admin.IsValueCreated && !_disposed)             // registered as two services, so the host does it twice
        {
            _disposed = true;
            _admin.Value.Dispose();
        }
    }
}

/// <summary>Registers it.</summary>
public static class TopicWatchExtensions
{
    /// <summary>Makes the service wait for Kafka and create the pipeline's topics before its workers start, and keep them while it runs.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="connectionName">Name of the connection string with the bootstrap servers.</param>
    public static void AddPipelineTopics(this IHostApplicationBuilder builder, string connectionName)
    {
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<TopicWatch>(services, connectionName));
        builder.Services.AddSingleton<IStartupStep>(services => services.GetRequiredService<TopicWatch>());
        builder.Services.AddHostedService(services => services.GetRequiredService<TopicWatch>());
    }
}
