using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Embedded.Tests.Support;

namespace Embedded.Tests.AspireHost.Publishing;

/// <summary>Publishes applications for tests.</summary>
internal static class Published
{
    /// <summary>The manifest of an application, as it stands in the file.</summary>
    public static async Task<string> ManifestTextAsync(Action<IDistributedApplicationBuilder> describe, params string[] args)
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("manifest.json");
        await RunAsync(describe, ["--publisher", "manifest", "--output-path", file, .. args]);
        return await File.ReadAllTextAsync(file);
    }

    /// <summary>The resources of the manifest of an application.</summary>
    public static async Task<JsonObject> ResourcesAsync(Action<IDistributedApplicationBuilder> describe, params string[] args) =>
        JsonNode.Parse(await ManifestTextAsync(describe, args))!["resources"]!.AsObject();

    /// <summary>The only file, or all files one after the other, that a step writes into a folder.</summary>
    public static async Task<Dictionary<string, string>> StepAsync(Action<IDistributedApplicationBuilder> describe, string step)
    {
        using var folder = new TemporaryFolder();
        await RunAsync(describe, ["--operation", "publish", "--step", step, "--output-path", folder.Path]);
        return Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder.Path, file), File.ReadAllText);
    }

    public static async Task RunAsync(Action<IDistributedApplicationBuilder> describe, params string[] args)
    {
        await using var builder = Applications.New(args);
        describe(builder);
        await using var application = builder.Build();
        await application.StartAsync(Applications.Deadline());
    }


    /// <summary>The application of the specification: every kind of thing that the pipeline needs.</summary>
    public static void Reference(IDistributedApplicationBuilder builder)
    {
        var operatorKey = builder.AddParameter("operator-key", secret: true);
        var kafka = builder.AddKafka("kafka").WithDataVolume("pipeline-kafka-data").WithKafkaUI();
        var mongo = builder.AddMongoDB("mongodb").WithDataVolume("pipeline-mongo-data").WithMongoExpress();
        var db = mongo.AddDatabase("pipelinedb", "pipeline");
        builder.AddProject<Worker.Pipeline_Producer>("producer").WithReference(kafka).WaitFor(kafka);
        var inference = builder.AddProject<Web.Pipeline_Inference>("inference")
            .WithReference(kafka).WaitFor(kafka).WithHttpHealthCheck("/health").WithReplicas(2);
        builder.AddProject<Worker.Pipeline_DbConsumer>("db-consumer")
            .WithReference(kafka).WithReference(db).WaitFor(kafka).WaitFor(db);
        builder.AddProject<Web.Pipeline_Analytics>("analytics")
            .WithReference(db).WithReference(inference).WaitFor(db)
            .WithEnvironment("Analytics__OperatorKey", operatorKey).WithExternalHttpEndpoints();
    }

    /// <summary>A project that nobody builds: publishing needs its path and its launch profiles only.</summary>
    internal abstract class StandIn : IProjectMetadata
    {
        // Beside the folder in which the manifest of a test lies.
        public string ProjectPath => Path.Combine(Path.GetTempPath(), Name, Name + ".csproj");

        public virtual LaunchSettings? LaunchSettings => new();

        private string Name => GetType().Name.Replace('_', '.');
    }

    internal abstract class Worker : StandIn
    {
        internal sealed class Pipeline_Producer : Worker;
        internal sealed class Pipeline_DbConsumer : Worker;
    }

    internal abstract class Web : StandIn
    {
        public override LaunchSettings LaunchSettings => new() { Profiles = { ["http"] = new() { ApplicationUrl = "http://localhost:5000" } } };

        internal sealed class Pipeline_Inference : Web;
        internal sealed class Pipeline_Analytics : Web;
    }
}
