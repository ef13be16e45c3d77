using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Publishing;
using Embedded.Aspire.Running;

namespace Aspire.Hosting;

/// <summary>Adds Kafka.</summary>
public static class KafkaBuilderExtensions
{
    private const string DataTarget = "/var/lib/kafka/data";
    private const int ContainerPort = 9092;
    private const int ContainerInternalPort = 9093;

    /// <summary>Adds a broker. Its name is the name of the connection string.</summary>
    public static IResourceBuilder<KafkaServerResource> AddKafka(this IDistributedApplicationBuilder builder, string name, int? port = null)
    {
        var kafka = builder.AddResource(new KafkaServerResource(name))
            .WithEndpoint(port, ContainerPort, name: KafkaServerResource.PrimaryEndpointName)
            .WithEndpoint(targetPort: ContainerInternalPort, name: KafkaServerResource.InternalEndpointName)
            .WithAnnotation(new ContainerImageAnnotation { Registry = "docker.io", Image = "confluentinc/confluent-local", Tag = "8.1.1" })
            .WithAnnotation(KafkaContainer.Traits);
        if (builder.ExecutionContext.IsPublishMode) kafka.WithEnvironment(KafkaContainer.Listeners);
        return kafka.RunAsEmbeddedServer(new EmbeddedServerAnnotation(
            "Kafka broker", AppHostMetadata.KafkaPathKey, KafkaServerResource.PrimaryEndpointName, DataTarget, Probe.Kafka));
    }

    /// <summary>Adds a page to look into Kafka with. The embedded stack has none, and says so in the broker's log.</summary>
    public static IResourceBuilder<KafkaServerResource> WithKafkaUI(
        this IResourceBuilder<KafkaServerResource> builder, Action<IResourceBuilder<KafkaUIContainerResource>>? configureContainer = null,
        string? containerName = null)
    {
        configureContainer?.Invoke(builder.ApplicationBuilder.CreateResourceBuilder(new KafkaUIContainerResource(containerName ?? "kafka-ui")));
        return builder.WithAnnotation(new EmbeddedNoteAnnotation("WithKafkaUI: Kafka UI runs where containers do; the embedded stack leaves it out."));
    }

    /// <summary>Chooses the page's port.</summary>
    public static IResourceBuilder<KafkaUIContainerResource> WithHostPort(
        this IResourceBuilder<KafkaUIContainerResource> builder, int? port) =>
        builder.WithEndpoint("http", endpoint => { endpoint.UriScheme = "http"; endpoint.Port = port; });

    /// <summary>Keeps the log between runs. In the embedded stack a volume is a folder under the AppHost's <c>.data</c>.</summary>
    public static IResourceBuilder<KafkaServerResource> WithDataVolume(
        this IResourceBuilder<KafkaServerResource> builder, string? name = null, bool isReadOnly = false) =>
        KeepLogIn(builder.WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataTarget, isReadOnly));

    /// <summary>Keeps the log in a folder, relative to the AppHost's.</summary>
    public static IResourceBuilder<KafkaServerResource> WithDataBindMount(
        this IResourceBuilder<KafkaServerResource> builder, string source, bool isReadOnly = false) =>
        KeepLogIn(builder.WithBindMount(source, DataTarget, isReadOnly));

    // The container has to be told; the embedded broker finds its folder by the mount.
    private static IResourceBuilder<KafkaServerResource> KeepLogIn(IResourceBuilder<KafkaServerResource> kafka) =>
        kafka.ApplicationBuilder.ExecutionContext.IsPublishMode ? kafka.WithEnvironment("KAFKA_LOG_DIRS", DataTarget) : kafka;
}
