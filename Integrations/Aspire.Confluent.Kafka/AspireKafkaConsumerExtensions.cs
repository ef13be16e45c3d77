using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers <see cref="IConsumer{TKey,TValue}"/> for a connection name, with a health check.</summary>
/// <remarks>
/// Settings, later wins: <c>Aspire:Confluent:Kafka:Consumer</c>, the same with the connection's name, the connection string, the callback.
/// </remarks>
public static class AspireKafkaConsumerExtensions
{
    private const string Section = "Aspire:Confluent:Kafka:Consumer";
    private const string HealthCheck = "Aspire.Confluent.Kafka.Consumer";

    /// <summary>Adds a singleton consumer.</summary>
    public static void AddKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        Add<TKey, TValue>(builder, connectionName, isKeyed: false, null, null);

    /// <inheritdoc cref="AddKafkaConsumer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaConsumerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, connectionName, isKeyed: false, configureSettings, null);

    /// <inheritdoc cref="AddKafkaConsumer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, isKeyed: false, null, WithoutServices(configureBuilder));

    /// <inheritdoc cref="AddKafkaConsumer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, isKeyed: false, null, configureBuilder);

    /// <inheritdoc cref="AddKafkaConsumer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaConsumerSettings>? configureSettings,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, isKeyed: false, configureSettings, WithoutServices(configureBuilder));

    /// <inheritdoc cref="AddKafkaConsumer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, isKeyed: false, configureSettings, configureBuilder);

    /// <summary>Adds a singleton consumer under a key that is also the connection's name.</summary>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string name) =>
        Add<TKey, TValue>(builder, name, isKeyed: true, null, null);

    /// <inheritdoc cref="AddKeyedKafkaConsumer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaConsumerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, name, isKeyed: true, configureSettings, null);

    /// <inheritdoc cref="AddKeyedKafkaConsumer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, name, isKeyed: true, null, WithoutServices(configureBuilder));

    /// <inheritdoc cref="AddKeyedKafkaConsumer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, name, isKeyed: true, null, configureBuilder);

    /// <inheritdoc cref="AddKeyedKafkaConsumer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaConsumerSettings>? configureSettings,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, name, isKeyed: true, configureSettings, WithoutServices(configureBuilder));

    /// <inheritdoc cref="AddKeyedKafkaConsumer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, name, isKeyed: true, configureSettings, configureBuilder);

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder, string connectionName, bool isKeyed, Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName, isKeyed ? "name" : nameof(connectionName));

        var configuration = builder.Configuration.GetSection(Section);
        var settings = new KafkaConsumerSettings();
        configuration.Bind(settings);
        configuration.GetSection(connectionName).Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(connectionName) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);
        settings.Config.BootstrapServers = settings.ConnectionString ?? settings.Config.BootstrapServers;
        if (!settings.DisableMetrics)
        {
            settings.Config.StatisticsIntervalMs ??= 1000;
        }

        var key = isKeyed ? connectionName : null;                       // without a key the service is an ordinary one
        builder.Services.AddKeyedSingleton(key, (services, _) => Create(services, settings, configureBuilder));
        builder.AddKafkaTelemetry(settings.DisableTracing, settings.DisableMetrics);
        if (!settings.DisableHealthChecks)
        {
            builder.AddKafkaHealthCheck(
                isKeyed ? $"{HealthCheck}_{connectionName}" : HealthCheck,
                services => services.GetRequiredKeyedService<IConsumer<TKey, TValue>>(key).Handle);
        }
    }

    private static IConsumer<TKey, TValue> Create<TKey, TValue>(
        IServiceProvider services, KafkaConsumerSettings settings, Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configure)
    {
        if (string.IsNullOrEmpty(settings.Config.BootstrapServers))
        {
            throw new InvalidOperationException("No bootstrap servers configured.");
        }

        if (string.IsNullOrEmpty(settings.Config.GroupId))
        {
            throw new InvalidOperationException("No group id configured.");
        }

        var consumer = new ConsumerBuilder<TKey, TValue>(settings.Config);
        configure?.Invoke(services, consumer);
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(KafkaClientLog.Category);
        try
        {
            consumer.SetLogHandler((_, message) => log.Write(message));
        }
        catch (InvalidOperationException)
        {
            // The caller has set one, and there can be one only.
        }

        var client = consumer.Build();
        return settings.DisableTracing && settings.DisableMetrics ? client : new InstrumentedConsumer<TKey, TValue>(client, settings.Config.GroupId);
    }

    private static Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? WithoutServices<TKey, TValue>(
        Action<ConsumerBuilder<TKey, TValue>>? configure) =>
        configure is null ? null : (_, consumer) => configure(consumer);
}
