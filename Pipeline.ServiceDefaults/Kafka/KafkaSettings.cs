using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>How the services use Kafka: nothing lost, nothing doubled by a retry. Set before a service's own settings.</summary>
public static class KafkaSettings
{
    /// <summary>Adds the producer that the services share. Keys and values are bytes: what they mean is Pipeline.Contracts' business.</summary>
    public static void AddPipelineProducer(this IHostApplicationBuilder builder, string connectionName) =>
        builder.AddKafkaProducer<byte[], byte[]>(connectionName, WriteReliably,
            (services, producer) => producer.SetErrorHandler((_, error) => Troubles(services).Report(error)));

    /// <summary>
    /// Adds a second producer, with the connection's name as its key, for who cannot wait: what Kafka has not taken by then has failed.
    /// </summary>
    public static void AddImpatientPipelineProducer(this IHostApplicationBuilder builder, string connectionName, TimeSpan giveUpAfter) =>
        // An idempotent one numbers its records, and cannot go on where it gave one up; twice is no harm: ids tell.
        builder.AddSecondProducer(connectionName, config => config.MessageTimeoutMs = (int)giveUpAfter.TotalMilliseconds);

    /// <summary>
    /// Adds a second producer, with the connection's name as its key, for records of which a retry may leave two: whoever reads them tells them by
    /// what they are about.
    /// </summary>
    /// <remarks>
    /// While five of a partition's records are on their way and others wait, the client looks for the acknowledgements of an idempotent producer
    /// without a pause (bench: profile). This one lets them gather until the request before theirs is answered.
    /// </remarks>
    public static void AddRepeatingPipelineProducer(this IHostApplicationBuilder builder, string connectionName) =>
        builder.AddSecondProducer(connectionName, config => config.MaxInFlight = 1);

    private static void AddSecondProducer(this IHostApplicationBuilder builder, string connectionName, Action<ProducerConfig> configure) =>
        builder.AddKeyedKafkaProducer<byte[], byte[]>(connectionName, settings =>
        {
            settings.WriteReliably();
            settings.Config.EnableIdempotence = false;
            configure(settings.Config);
            settings.DisableHealthChecks = true;             // the first says the same of the same broker
        }, (services, producer) => producer.SetErrorHandler((_, error) => Troubles(services).Report(error)));

    /// <summary>Adds the service's consumer, as a <see cref="BatchConsumer"/>.</summary>
    public static void AddPipelineConsumer(
        this IHostApplicationBuilder builder, string connectionName, string groupId, Action<ConsumerConfig>? configure = null)
    {
        builder.AddKafkaConsumer<byte[], byte[]>(connectionName, settings =>
            {
                settings.ReadAs(groupId);
                configure?.Invoke(settings.Config);
            },
            (services, consumer) => consumer.SetErrorHandler((_, error) => Troubles(services).Report(error)));
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<BatchConsumer>(services, groupId));
        builder.Services.AddHealthChecks()
            .Add(new("progress", services => services.GetRequiredService<BatchConsumer>().Progress, HealthStatus.Unhealthy, tags: null));
    }

    /// <summary>Adds a second one, with the connection's name as its key, for what the service may be behind with and healthy.</summary>
    public static void AddQuietPipelineConsumer(this IHostApplicationBuilder builder, string connectionName, string groupId)
    {
        builder.AddKeyedKafkaConsumer<byte[], byte[]>(connectionName, settings =>
            {
                settings.ReadAs(groupId);
                settings.DisableHealthChecks = true;
            },
            (services, consumer) => consumer.SetErrorHandler((_, error) => Troubles(services).Report(error)));
        builder.Services.AddKeyedSingleton(connectionName, (services, key) =>
            ActivatorUtilities.CreateInstance<BatchConsumer>(services, groupId, services.GetRequiredKeyedService<IConsumer<byte[], byte[]>>(key)));
    }

    /// <summary>Adds <see cref="DeadLetters"/>, and the consumer with which it reads back what it has written.</summary>
    public static void AddPipelineDeadLetters(this IHostApplicationBuilder builder, string connectionName, string groupId)
    {
        builder.AddKafkaConsumer<byte[], Ignore>(connectionName, settings =>
        {
            settings.ReadTails(groupId);
            settings.DisableTracing = true;
            settings.DisableMetrics = true;
            settings.DisableHealthChecks = true;             // the service's others say the same of the same broker
        }, (services, consumer) => consumer.SetErrorHandler((_, error) => Troubles(services).Report(error)));
        builder.Services.AddSingleton<DeadLetters>();
    }

    private static ClientTroubles Troubles(IServiceProvider services) =>
        services.GetService<ClientTroubles>() ?? throw new InvalidOperationException(
            $"{nameof(ClientTroubles)} is registered by AddServiceDefaults.");

    /// <summary>A producer whose records are acknowledged by all in-sync replicas and never doubled by a retry.</summary>
    public static void WriteReliably(this KafkaProducerSettings settings)
    {
        settings.DisableTracing = true;                      // our own spans carry the image's trace; see RecordSpans
        settings.DisableMetrics = true;
        var config = settings.Config;
        config.EnableIdempotence = true;
        config.Acks = Acks.All;
        config.MessageTimeoutMs = 0;                         // a broker that is away or full is waited for, however long
        config.ReconnectSoon();
        config.LingerMs = 0;                                 // under load records gather anyway, while the requests before them are answered
    }

    /// <summary>A consumer that commits only what <see cref="BatchConsumer.StoreOffsets"/> was told.</summary>
    public static void ReadAs(this KafkaConsumerSettings settings, string groupId)
    {
        settings.DisableTracing = true;
        settings.DisableMetrics = true;
        var config = settings.Config;
        config.ReconnectSoon();
        config.GroupId = groupId;
        config.EnableAutoOffsetStore = false;
        config.EnableAutoCommit = true;
        config.AutoCommitIntervalMs = 1000;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.SessionTimeoutMs = 6000;                      // Kafka's smallest: a killed member's partitions move soon
        config.HeartbeatIntervalMs = 2000;
        config.QueuedMinMessages = 2000;                     // a partition's prefetch: more only delays a stop
        config.QueuedMaxMessagesKbytes = 16 * 1024;
        config.FetchQueueBackoffMs = 20;
    }

    /// <summary>A consumer that looks at ends of topics; it joins no group and commits nothing.</summary>
    public static void ReadTails(this KafkaConsumerSettings settings, string groupId)
    {
        var config = settings.Config;
        config.ReconnectSoon();
        config.GroupId = groupId;                            // the client asks for one
        config.EnableAutoCommit = false;
        config.EnablePartitionEof = true;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.QueuedMaxMessagesKbytes = 4 * 1024;
    }

    /// <summary>A broker that restarts is found again within a second; the client's default waits up to ten.</summary>
    public static void ReconnectSoon(this ClientConfig config)
    {
        config.ReconnectBackoffMs = 100;
        config.ReconnectBackoffMaxMs = 1000;
        config.TopicMetadataRefreshIntervalMs = 10_000;      // a topic that was made anew, or has grown, is seen soon; the default is five minutes
        config.SocketNagleDisable = true;
    }
}
