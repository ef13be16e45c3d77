using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Options;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>While a service runs the topics stay: a broker that comes back with an empty volume gets them again.</summary>
internal sealed class TopicWatch(TopicProvisioning topics) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await topics.EnsureAsync(stoppingToken);
            }
            catch (KafkaException)
            {
                // Away, which others tell; the next round finds it.
            }
        }
    }
}

/// <summary>Registers all that has to do with the pipeline's topics.</summary>
public static class TopicExtensions
{
    /// <summary>Makes the service wait for Kafka and create the pipeline's topics before its workers start, and keep them while it runs.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="connectionName">Name of the connection string with the bootstrap servers.</param>
    public static void AddPipelineTopics(this IHostApplicationBuilder builder, string connectionName)
    {
        builder.AddTopicOptions();
        builder.Services.AddSingleton(services => new TopicProvisioning(
            ServersOf(builder.Configuration, connectionName), services.GetRequiredService<TopicOptions>(),
            services.GetRequiredService<ILogger<TopicProvisioning>>()));
        builder.Services.AddSingleton<IStartupStep, TopicStart>();
        builder.Services.AddHostedService<TopicWatch>();
    }

    /// <summary>What topics are called, for a program that makes none.</summary>
    public static void AddTopicOptions(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<TopicOptions>().BindConfiguration(TopicOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<TopicOptions>>().Value);
    }

    /// <summary>Whether a model runs in the shadow of the first: the settings name the topic of its predictions.</summary>
    public static bool HasShadow(this IHostApplicationBuilder builder) =>
        !string.IsNullOrEmpty(builder.Configuration[$"{TopicOptions.Section}:{nameof(TopicOptions.Shadow)}"]);

    /// <summary>Reads the names of the consumer groups, of which a service needs its own before it is built.</summary>
    public static GroupOptions AddPipelineGroups(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<GroupOptions>().BindConfiguration(GroupOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(services => services.GetRequiredService<IOptions<GroupOptions>>().Value);
        return builder.Configuration.GetSection(GroupOptions.Section).Get<GroupOptions>() ?? new();
    }

    /// <exception cref="StartupException">There are none.</exception>
    private static string ServersOf(IConfiguration configuration, string connectionName) =>
        configuration.GetConnectionString(connectionName) is { } servers && !string.IsNullOrWhiteSpace(servers)
            ? servers
            : throw new StartupException($"The connection string '{connectionName}' is missing.",
                $"Start through Pipeline.AppHost, or set ConnectionStrings__{connectionName}=HOST:PORT of a Kafka broker.");
}
