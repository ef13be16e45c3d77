using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Contracts;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>
/// Before any worker starts: Kafka answers and the topics are there. Every service does this, so the order in which
/// they start does not matter; whoever comes second finds them.
/// </summary>
internal sealed class TopicProvisioning(string connectionName, IConfiguration configuration, ILogger<TopicProvisioning> log) : IStartupStep
{
    private static readonly TimeSpan ReachableWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(2);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var servers = configuration.GetConnectionString(connectionName);
        if (string.IsNullOrWhiteSpace(servers))
        {
            throw new StartupException($"The connection string '{connectionName}' is missing.",
                $"Start through Pipeline.AppHost, or set ConnectionStrings__{connectionName}=HOST:PORT of a Kafka broker.");
        }
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers })
            .SetLogHandler((_, _) => { })                    // what it would say is said below, in one line
            .SetErrorHandler((_, _) => { })
            .Build();

        var existing = await WaitForBrokerAsync(admin, servers, cancellationToken);
        var missing = Topics.All.Where(topic => !existing.Contains(topic.Name)).ToArray();
        if (missing.Length > 0)
        {
            await CreateAsync(admin, missing, servers);
        }
    }

    private static async Task<HashSet<string>> WaitForBrokerAsync(IAdminClient admin, string servers, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                // The client's call blocks its thread until the broker answers.
                var metadata = await Task.Run(() => admin.GetMetadata(OneTry), cancellationToken);
                return [.. metadata.Topics.Where(topic => !topic.Error.IsError).Select(topic => topic.Topic)];
            }
            catch (KafkaException away) when (TimeProvider.System.GetElapsedTime(began) >= ReachableWithin)
            {
                throw new StartupException($"Kafka at {servers} does not answer ({away.Error.Reason}).",
                    "Start the broker, or correct the connection string 'kafka'.", away);
            }
            catch (KafkaException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), cancellationToken);
            }
        }
    }

    private async Task CreateAsync(IAdminClient admin, (string Name, int PartitionCount)[] topics, string servers)
    {
        var wanted = topics.Select(topic => new TopicSpecification
        {
            Name = topic.Name,
            NumPartitions = topic.PartitionCount,
            ReplicationFactor = -1,                          // the cluster's own default
        });
        try
        {
            await admin.CreateTopicsAsync(wanted);
            foreach (var (name, partitionCount) in topics)
            {
                log.TopicCreated(name, partitionCount);
            }
        }
        catch (CreateTopicsException partly) when (partly.Results.TrueForAll(r => !r.Error.IsError || r.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Another service was quicker.
        }
        catch (KafkaException refused)
        {
            throw new StartupException($"Kafka at {servers} does not create the topics ({refused.Error.Reason}).",
                $"Allow it, or create {string.Join(", ", topics.Select(topic => topic.Name))} by hand.", refused);
        }
    }
}

/// <summary>Registers the provisioning.</summary>
public static class TopicProvisioningExtensions
{
    /// <summary>Makes the service wait for Kafka and create the pipeline's topics before its workers start.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="connectionName">Name of the connection string with the bootstrap servers.</param>
    public static void AddPipelineTopics(this IHostApplicationBuilder builder, string connectionName) =>
        builder.Services.AddSingleton<IStartupStep>(services => ActivatorUtilities.CreateInstance<TopicProvisioning>(services, connectionName));
}
