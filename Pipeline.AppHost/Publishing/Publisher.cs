using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Embedded.Aspire.Publishing.Compose;
using Embedded.Aspire.Publishing.Kubernetes;
using Embedded.Aspire.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Embedded.Aspire.Publishing;

/// <summary>Writes the application down. A step is one form of it; the names are Aspire's, with environments called k8s and compose.</summary>
internal sealed class Publisher(
    IServiceProvider services, DistributedApplicationModel model, DistributedApplicationExecutionContext executionContext,
    IDistributedApplicationEventing eventing, PublishOptions options, IHostEnvironment host, ConsoleVoice voice)
{
    public const string AllStep = "publish";
    public const string ManifestStep = "publish-manifest";
    private const string DefaultFolder = "aspire-output";

    /// <summary>Publishes, and says on the console what was written.</summary>
    /// <exception cref="DistributedApplicationException">There is no such step, or the model cannot be written that way.</exception>
    public async Task PublishAsync(CancellationToken cancellation)
    {
        foreach (var subscriber in services.GetServices<IDistributedApplicationEventingSubscriber>())
            await subscriber.SubscribeAsync(eventing, executionContext, cancellation);
        await eventing.PublishAsync(new BeforeStartEvent(services, model), cancellation);
        (string Name, Func<Task> RunAsync)[] steps =
        [
            (ManifestStep, () => ManifestAsync(cancellation)),
            ("publish-k8s", () => KubernetesAsync(Folder, cancellation)),
            ("publish-compose", () => ComposeAsync(Folder, cancellation)),
            (AllStep, async () =>
            {
                await KubernetesAsync(Path.Combine(Folder, "k8s", "base"), cancellation);
                await ComposeAsync(Path.Combine(Folder, "compose"), cancellation);
            }),
        ];
        var step = steps.FirstOrDefault(s => s.Name == options.Step);
        if (step.RunAsync is null)
            throw new DistributedApplicationException($"Step '{options.Step}' not found. Available steps: {string.Join(", ", steps.Select(s => s.Name))}.");
        await step.RunAsync();
    }

    private string Folder => Path.GetFullPath(options.OutputPath ?? DefaultFolder);

    /// <summary>Pipeline.AppHost describes <c>pipeline</c>.</summary>
    private string Application
    {
        get
        {
            var name = host.ApplicationName.ToLowerInvariant();
            name = name.EndsWith(".apphost", StringComparison.Ordinal) ? name[..^".apphost".Length] : name;
            return string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        }
    }

    private async Task KubernetesAsync(string folder, CancellationToken cancellation) =>
        await WriteAllAsync(folder, await KustomizeBase.WriteAsync(model, executionContext, Application, cancellation), cancellation);

    private async Task ComposeAsync(string folder, CancellationToken cancellation) =>
        await WriteAllAsync(folder, await ComposeFile.WriteAsync(model, executionContext, Application, cancellation), cancellation);

    private async Task WriteAllAsync(string folder, IReadOnlyDictionary<string, string> files, CancellationToken cancellation)
    {
        foreach (var (name, content) in files) await WriteAsync(Path.Combine(folder, name), content, cancellation);
    }

    private async Task ManifestAsync(CancellationToken cancellation)
    {
        if (options.OutputPath is not { Length: > 0 } path)
            throw new DistributedApplicationException("The '--output-path [path]' option was not specified. Say where the manifest goes.");

        var file = Path.GetFullPath(path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? path : Path.Combine(path, "aspire-manifest.json"));
        if (options.ForAspirate)
        {
            foreach (var warning in await AspirateCompat.PrepareAsync(model, cancellation)) voice.Note($"warning: {warning}");
        }
        var manifest = await Manifest.WriteAsync(model, executionContext, file, options.ForAspirate, cancellation);
        await WriteAsync(file, manifest, cancellation);
    }

    private async Task WriteAsync(string file, string content, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, content, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException($"'{file}' cannot be written: {e.Message} Choose another --output-path.", e);
        }
        voice.Note($"wrote {file}");
    }
}
