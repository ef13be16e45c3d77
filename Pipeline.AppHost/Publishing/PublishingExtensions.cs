using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using AspirePipelineOptions = Aspire.Hosting.Pipelines.PipelineOptions;

/// <summary>What the application can be written as, besides Aspire's own manifest: each a step of Aspire's pipeline.</summary>
internal static class PublishingExtensions
{
    /// <summary>The prefix of every name that has to be unique where several applications are deployed.</summary>
    private const string Application = "pipeline";

    private const string ManifestStep = "publish-manifest";

    /// <summary>
    /// <c>--operation publish --step publish --output-path X</c>, or <c>aspire publish -o X</c>, writes <c>X/k8s/base</c> and <c>X/compose</c>.
    /// The step <c>publish-aspirate</c> writes the manifest as aspirate can read it; the launch profile of that name chooses it.
    /// </summary>
    public static void AddPublishing(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsPublishMode)
        {
            return;
        }

        var passwords = builder.Configuration.GetSection("Parameters");
        builder.Pipeline.AddStep("publish-k8s", context => WriteAsync(
            context, passwords, Path.Combine("k8s", "base"), KustomizeBase.Text, workloads => KustomizeBase.Write(Application, workloads)),
            requiredBy: WellKnownPipelineSteps.Publish);
        builder.Pipeline.AddStep("publish-compose", context => WriteAsync(
            context, passwords, "compose", ComposeFile.Text, workloads => ComposeFile.Write(Application, workloads)),
            requiredBy: WellKnownPipelineSteps.Publish);
        builder.Pipeline.AddStep("publish-aspirate", context => RewriteManifestAsync(context, passwords), dependsOn: ManifestStep);
        builder.Services.AddHostedService<PublishingOutcome>();
        builder.Services.AddLogging(logging => logging
            .AddFilter("Aspire.Hosting.Publishing.PipelineExecutor", LogLevel.None)          // PublishingOutcome says it
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None));
    }

    /// <summary>
    /// Of what it refers to, the service is told the connection string and nothing else: the password as a variable of its own would stand
    /// in the open where aspirate deploys. Before any <c>WithReference</c>.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithConnectionStringsOnly(this IResourceBuilder<ProjectResource> service) =>
        service.WithReferenceEnvironment(ReferenceEnvironmentInjectionFlags.ConnectionString);

    private static async Task WriteAsync(
        PipelineStepContext context, IConfiguration passwords, string place, DeployedText text,
        Func<IReadOnlyList<Workload>, IReadOnlyDictionary<string, string>> write)
    {
        var workloads = await Workloads.OfAsync(context.Model, context.ExecutionContext, text, context.CancellationToken);
        RefuseToEncode(workloads.SelectMany(w => w.Variables).SelectMany(v => v.Parameters).Select(p => p.Name), passwords);
        var output = context.Services.GetRequiredService<IPipelineOutputService>().GetOutputDirectory();
        var folder = Path.Combine(output, place);
        try
        {
            Directory.CreateDirectory(output);                   // by itself first: what is wrong with it, all steps say in the same words
            Directory.CreateDirectory(folder);
            foreach (var (name, content) in write(workloads))
            {
                await File.WriteAllTextAsync(Path.Combine(folder, name), content, context.CancellationToken);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"{output} cannot be written to: {exception.Message} Choose another --output-path.");
        }

        context.Summary.Add(place, folder);
        context.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Publishing").Published(folder);
    }

    private static async Task RewriteManifestAsync(PipelineStepContext context, IConfiguration passwords)
    {
        // without, publish-manifest has failed
        var file = context.Services.GetRequiredService<IOptions<AspirePipelineOptions>>().Value.OutputPath!;
        if (!file.EndsWith(".json", StringComparison.Ordinal))
        {
            file = Path.Combine(file, "aspire-manifest.json");
        }

        var manifest = AspirateManifest.Parse(await File.ReadAllTextAsync(file, context.CancellationToken));
        File.Delete(file);                                       // nothing is left where the next line refuses
        RefuseToEncode(manifest.Secrets, passwords);
        await File.WriteAllTextAsync(file, manifest.Simplified(), context.CancellationToken);
    }

    // In all three forms a password is filled in late, by a program that cannot encode it, and becomes a part of a URI.
    private static void RefuseToEncode(IEnumerable<string> parameters, IConfiguration values)
    {
        foreach (var parameter in parameters)
        {
            if (values[parameter] is { } value && Uri.EscapeDataString(value) != value)
            {
                throw new DistributedApplicationException(
                    $"The value of Parameters:{parameter} would have to be encoded in a URI, which a deployment cannot do. Choose one of letters, digits, '-', '.', '_' and '~'.");
            }
        }
    }
}
