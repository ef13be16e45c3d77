using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Embedded.Aspire.Publishing;

/// <summary>What a deployment has to know about an image to run it without privileges on a read-only root.</summary>
/// <param name="User">The image's own user, not root; volumes are made writable for its group. Null leaves it to the image.</param>
/// <param name="WritablePaths">Folders that the image's programs write to besides its volumes; emptied at every start.</param>
/// <param name="HealthCommand">Ends with 0 inside the container when the server answers.</param>
/// <param name="MemoryMi">What it may use, in MiB.</param>
internal sealed record ContainerTraits(
    int? User, IReadOnlyList<string> WritablePaths, IReadOnlyList<string> HealthCommand, int MemoryMi) : IResourceAnnotation;

/// <summary>The URL behind a health check, for deployments that ask themselves.</summary>
internal sealed record HttpHealthCheckAnnotation(string EndpointName, string Path) : IResourceAnnotation;

/// <summary>What the Kafka container is told where it is deployed.</summary>
internal static class KafkaContainer
{
    // The start script renders its settings into /etc and the JVM logs to /var/log. The image's REST proxy counts into the memory.
    public static readonly ContainerTraits Traits = new(
        User: 1000, WritablePaths: ["/etc/kafka", "/etc/kafka-rest", "/var/log", "/tmp"],
        HealthCommand: ["kafka-broker-api-versions", "--bootstrap-server", "localhost:9092"], MemoryMi: 3072);

    // Clients reach the broker by the name of its resource; the listeners on localhost are the broker's own.
    public static void Listeners(EnvironmentCallbackContext context)
    {
        var kafka = (KafkaServerResource)context.Resource;
        var (client, inside) = (kafka.PrimaryEndpoint, kafka.InternalEndpoint);
        var variables = context.EnvironmentVariables;
        variables["KAFKA_LISTENERS"] =
            "PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093,PLAINTEXT_HOST://0.0.0.0:9092,PLAINTEXT_INTERNAL://0.0.0.0:9093";
        variables["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"] =
            "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT";
        variables["KAFKA_ADVERTISED_LISTENERS"] = ReferenceExpression.Create(
            $"PLAINTEXT://{client.Property(EndpointProperty.Host)}:29092,PLAINTEXT_HOST://{client.Property(EndpointProperty.HostAndPort)},PLAINTEXT_INTERNAL://{inside.Property(EndpointProperty.HostAndPort)}");
    }
}

/// <summary>What the MongoDB container is told where it is deployed.</summary>
internal static class MongoDBContainer
{
    public static readonly ContainerTraits Traits = new(
        User: 999, WritablePaths: ["/data/configdb", "/tmp"],
        HealthCommand: ["mongosh", "--quiet", "--eval", "db.adminCommand('ping').ok"], MemoryMi: 2048);

    public static void Credentials(EnvironmentCallbackContext context)
    {
        var server = (MongoDBServerResource)context.Resource;
        context.EnvironmentVariables["MONGO_INITDB_ROOT_USERNAME"] = server.UserNameReference;
        context.EnvironmentVariables["MONGO_INITDB_ROOT_PASSWORD"] = server.PasswordParameter!;
    }
}
