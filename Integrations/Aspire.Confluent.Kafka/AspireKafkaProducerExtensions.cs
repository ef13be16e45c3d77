using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers <see cref="IProducer{TKey,TValue}"/> for a connection name, with a health check.</summary>
/// <remarks>
/// Settings, later wins: <c>Aspire:Confluent:Kafka:Producer</c>, the same with the connection's name, the connection string, the callback.
/// </remarks>
public static class AspireKafkaProducerExtensions
{
    private const string Section = "Aspire:Confluent:Kafka:Producer";
    private const string HealthCheck = "Aspire.Confluent.Kafka.Producer";

    /// <summary>Adds a singleton producer.</summary>
    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        Add<TKey, TValue>(builder, connectionName, isKeyed: false, null, null);

    /// <inheritdoc cref="AddKafkaProducer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, connectionName, isKeyed: false, configureSettings, null);

    /// <inheritdoc cref="AddKafkaProducer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, isKeyed: false, null, WithoutServices(configureBuilder));

    /// <inheritdoc cref="AddKafkaProducer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, isKeyed: false, null, configureBuilder);

    /// <inheritdoc cref="AddKafkaProducer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, isKeyed: false, configureSettings, WithoutServices(configureBuilder));

    /// <inheritdoc cref="AddKafkaProducer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string connectionName, Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, connectionName, isKeyed: false, configureSettings, configureBuilder);

    /// <summary>Adds a singleton producer under a key that is also the connection's name.</summary>
    public static void AddKeyedKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string name) =>
        Add<TKey, TValue>(builder, name, isKeyed: true, null, null);

    /// <inheritdoc cref="AddKeyedKafkaProducer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaProducerSettings>? configureSettings) =>
        Add<TKey, TValue>(builder, name, isKeyed: true, configureSettings, null);

    /// <inheritdoc cref="AddKeyedKafkaProducer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, name, isKeyed: true, null, WithoutServices(configureBuilder));

    /// <inheritdoc cref="AddKeyedKafkaProducer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, name, isKeyed: true, null, configureBuilder);

    /// <inheritdoc cref="AddKeyedKafkaProducer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaProducerSettings>? configureSettings,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, name, isKeyed: true, configureSettings, WithoutServices(configureBuilder));

    /// <inheritdoc cref="AddKeyedKafkaProducer{TKey,TValue}(IHostApplicationBuilder,string)" />
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder, string name, Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder) =>
        Add(builder, name, isKeyed: true, configureSettings, configureBuilder);

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder, string connectionName, bool isKeyed, Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(connectionName, isKeyed ? "name" : nameof(connectionName));

        var configuration = builder.Configuration.GetSection(Section);
        var settings = new KafkaProducerSettings();
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
                services => services.GetRequiredKeyedService<IProducer<TKey, TValue>>(key).Handle);
        }
    }

    private static IProducer<TKey, TValue> Create<TKey, TValue>(
        IServiceProvider services, KafkaProducerSettings settings, Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configure)
    {
        if (string.IsNullOrEmpty(settings.Config.BootstrapServers))
        {
            throw new InvalidOperationException("No bootstrap servers configured.");
        }

        var producer = new ProducerBuilder<TKey, TValue>(settings.Config);
        configure?.Invoke(services, producer);
        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger(KafkaClientLog.Category);
        try
        {
            producer.SetLogHandler((_, message) => log.Write(message));
        }
        catch (InvalidOperationException)
        {
            // The caller has set one, and there can be one only.
        }

        var client = producer.Build();
        return settings.DisableTracing && settings.DisableMetrics ? client : new InstrumentedProducer<TKey, TValue>(client);
    }

    private static Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? WithoutServices<TKey, TValue>(
        Action<ProducerBuilder<TKey, TValue>>? configure) =>
        configure is null ? null : (_, producer) => configure(producer);
}
