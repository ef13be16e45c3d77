using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds Kafka to an application model.</summary>
public static class KafkaBuilderExtensions
{
    private const int BrokerPort = 9092;
    private const int InternalPort = 9093;
    private const int KafkaUIPort = 8080;
    private const string DataTarget = "/var/lib/kafka/data";

    /// <summary>Adds a broker.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, and the name of its connection string.</param>
    /// <param name="port">The port that clients on the host use; null: a free one.</param>
    public static IResourceBuilder<KafkaServerResource> AddKafka(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        var kafka = new KafkaServerResource(name);
        string? connectionString = null;
        var check = $"{name}_check";
        builder.Services.AddKeyedSingleton(check, (_, _) => new KafkaHealthCheck(() => connectionString));
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            check, services => services.GetRequiredKeyedService<KafkaHealthCheck>(check), failureStatus: null, tags: null));

        return builder.AddResource(kafka)
            .WithEndpoint(targetPort: BrokerPort, port: port, name: KafkaServerResource.PrimaryEndpointName)
            .WithEndpoint(targetPort: InternalPort, name: KafkaServerResource.InternalEndpointName)
            .WithImage(KafkaContainerImageTags.Image, KafkaContainerImageTags.Tag)
            .WithImageRegistry(KafkaContainerImageTags.Registry)
            .WithIconName("MailMultiple")
            .WithEnvironment(context => ConfigureListeners(context, kafka))
            .OnConnectionStringAvailable(async (_, _, cancellationToken) =>
                connectionString = await kafka.ConnectionStringExpression.GetValueAsync(cancellationToken).ConfigureAwait(false))
            .WithHealthCheck(check);
    }

    /// <summary>Adds a container with a page about all brokers of the application; a second call configures the same one.</summary>
    /// <param name="builder">A broker.</param>
    /// <param name="configureContainer">Further settings of the container.</param>
    /// <param name="containerName">Its resource's name; null: <c>kafka-ui</c>.</param>
    public static IResourceBuilder<KafkaServerResource> WithKafkaUI(
        this IResourceBuilder<KafkaServerResource> builder, Action<IResourceBuilder<KafkaUIContainerResource>>? configureContainer = null,
        string? containerName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        var app = builder.ApplicationBuilder;
        var page = app.Resources.OfType<KafkaUIContainerResource>().SingleOrDefault() is { } existing
            ? app.CreateResourceBuilder(existing)
            : app.AddResource(new KafkaUIContainerResource(containerName ?? "kafka-ui"))
                .WithImage(KafkaContainerImageTags.KafkaUIImage, KafkaContainerImageTags.KafkaUITag)
                .WithImageRegistry(KafkaContainerImageTags.Registry)
                .WithHttpEndpoint(targetPort: KafkaUIPort)
                .WithEnvironment(context => ConfigureClusters(context, app.Resources.OfType<KafkaServerResource>()))
                .ExcludeFromManifest();
        configureContainer?.Invoke(page);
        return builder;
    }

    /// <summary>Fixes the page's port on the host.</summary>
    /// <param name="builder">The page's container.</param>
    /// <param name="port">The port; null: a free one.</param>
    public static IResourceBuilder<KafkaUIContainerResource> WithHostPort(this IResourceBuilder<KafkaUIContainerResource> builder, int? port)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithEndpoint("http", endpoint => endpoint.Port = port);
    }

    /// <summary>Keeps the log in a volume.</summary>
    public static IResourceBuilder<KafkaServerResource> WithDataVolume(
        this IResourceBuilder<KafkaServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithEnvironment("KAFKA_LOG_DIRS", DataTarget)
            .WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataTarget, isReadOnly);
    }

    /// <summary>Keeps the log in a folder of the host.</summary>
    public static IResourceBuilder<KafkaServerResource> WithDataBindMount(
        this IResourceBuilder<KafkaServerResource> builder, string source, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(source);
        return builder.WithEnvironment("KAFKA_LOG_DIRS", DataTarget).WithBindMount(source, DataTarget, isReadOnly);
    }

    // A broker tells its clients where to connect; on the host that is another address than in the containers' network.
    private static void ConfigureListeners(EnvironmentCallbackContext context, KafkaServerResource kafka)
    {
        context.EnvironmentVariables["KAFKA_LISTENERS"] =
            $"PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093,PLAINTEXT_HOST://0.0.0.0:{BrokerPort},PLAINTEXT_INTERNAL://0.0.0.0:{InternalPort}";
        context.EnvironmentVariables["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"] =
            "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT";
        context.EnvironmentVariables["KAFKA_ADVERTISED_LISTENERS"] = context.ExecutionContext.IsRunMode
            ? ReferenceExpression.Create(
                $"PLAINTEXT://localhost:29092,PLAINTEXT_HOST://localhost:{kafka.Port},PLAINTEXT_INTERNAL://{kafka.Name}:{kafka.InternalEndpoint.Property(EndpointProperty.TargetPort)}")
            : ReferenceExpression.Create(
                $"PLAINTEXT://{kafka.Host}:29092,PLAINTEXT_HOST://{kafka.PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},PLAINTEXT_INTERNAL://{kafka.InternalEndpoint.Property(EndpointProperty.HostAndPort)}");
    }

    // Asked for when the container starts, so that brokers added after it are there too.
    private static void ConfigureClusters(EnvironmentCallbackContext context, IEnumerable<KafkaServerResource> brokers)
    {
        foreach (var (index, kafka) in brokers.Index())
        {
            context.EnvironmentVariables[$"KAFKA_CLUSTERS_{index}_NAME"] = kafka.Name;
            context.EnvironmentVariables[$"KAFKA_CLUSTERS_{index}_BOOTSTRAPSERVERS"] = context.ExecutionContext.IsRunMode
                ? ReferenceExpression.Create($"{kafka.Name}:{kafka.InternalEndpoint.Property(EndpointProperty.TargetPort)}")
                : ReferenceExpression.Create($"{kafka.InternalEndpoint.Property(EndpointProperty.HostAndPort)}");
        }
    }
}
