using Aspire.Hosting.ApplicationModel;

/// <summary>What a deployment has to know about an image to run it without privileges on a read-only root.</summary>
/// <param name="User">The image's own user, not root; volumes are made writable for its group. Null leaves it to the image.</param>
/// <param name="WritablePaths">Folders that the image's programs write to besides its volumes; emptied at every start.</param>
/// <param name="HealthCommand">Ends with 0 inside the container when the server answers.</param>
/// <param name="MemoryMi">What it may use, in MiB.</param>
internal sealed record ContainerTraits(int? User, IReadOnlyList<string> WritablePaths, IReadOnlyList<string> HealthCommand, int MemoryMi)
{
    // The start script renders its settings into /etc and the JVM logs to /var/log. The image's REST proxy counts into the memory.
    private static readonly ContainerTraits Kafka = new(
        User: 1000, WritablePaths: ["/etc/kafka", "/etc/kafka-rest", "/var/log", "/tmp"],
        HealthCommand: ["kafka-broker-api-versions", "--bootstrap-server", "localhost:9092"], MemoryMi: 3072);

    private static readonly ContainerTraits MongoDB = new(
        User: 999, WritablePaths: ["/data/configdb", "/tmp"],
        HealthCommand: ["mongosh", "--quiet", "--eval", "db.adminCommand('ping').ok"], MemoryMi: 2048);

    // The user of .NET's container images. What a service needs beyond this, an overlay gives.
    private static readonly ContainerTraits Project = new(User: 1654, WritablePaths: ["/tmp"], HealthCommand: [], MemoryMi: 512);

    public static ContainerTraits Of(IResource resource) => resource switch
    {
        KafkaServerResource => Kafka,
        MongoDBServerResource => MongoDB,
        ProjectResource => Project,
        _ => Project with { User = null },        // an unknown image keeps its own user, which must not be root
    };
}
