using System.Text.Json.Nodes;
using Embedded.Tests.Support;
using HandlebarsDotNet;

namespace Pipeline.Tests.Publishing;

/// <summary>
/// What aspirate 9 makes of a manifest with our templates. The rules by which it fills them are written here once more; the template
/// engine is its own, with its own settings, under which double braces escape.
/// </summary>
internal static class AspirateOutput
{
    private static readonly string[] SecretNames = ["ConnectionString", "POSTGRES_PASSWORD", "MSSQL_SA_PASSWORD"];

    public static string Templates { get; } = Path.Combine(
        PublishedPipeline.AppHostFolder,
        (string)JsonNode.Parse(File.ReadAllText(Path.Combine(PublishedPipeline.AppHostFolder, "aspirate.json")))!["TemplatePath"]!);

    /// <summary>Generates, and renders the result as <c>aspirate apply</c> does, with the secrets' files written out.</summary>
    public static async Task<Cluster> RenderAsync(JsonObject resources, IReadOnlyDictionary<string, string> inputs)
    {
        var kubectl = Installed.Program("kubectl", "https://kubernetes.io/docs/tasks/tools/");
        using var folder = new TemporaryFolder();
        var resolver = new ManifestResolver(resources, inputs);
        var deployed = resources.Where(r => (string?)r.Value!["type"] is "project.v0" or "container.v0").ToList();
        foreach (var (name, resource) in deployed)
        {
            var data = Data(name, resource!, resolver.Variables(name));
            Directory.CreateDirectory(folder.File(name));
            foreach (var manifest in data.Manifests)
            {
                await WriteAsync(folder.File($"{name}/{manifest}"), data);
            }

            await WriteAsync(folder.File($"{name}/kustomization.yaml"), data);
            if (data.HasAnySecrets)
            {
                await File.WriteAllLinesAsync(folder.File($"{name}/.{name}.secrets"), data.Secrets.Select(secret => $"{secret.Key}={secret.Value}"));
            }
        }

        var all = new AspirateData { Namespace = "pipeline", Manifests = [.. deployed.Select(r => r.Key), "namespace.yaml", "dashboard.yaml"] };
        foreach (var file in (string[])["namespace.yaml", "dashboard.yaml", "kustomization.yaml"])
        {
            await WriteAsync(folder.File(file), all);
        }

        return Cluster.Read((await ClientProgram.RunAsync(kubectl, ["kustomize", folder.Path])).Succeeded());
    }

    /// <summary>One file, from the template of its name.</summary>
    public static string Render(string template, object data) => Handlebars.Compile(File.ReadAllText(Path.Combine(Templates, template)))(data);

    private static Task WriteAsync(string file, AspirateData data) =>
        File.WriteAllTextAsync(file, Render(Path.GetFileNameWithoutExtension(file) + ".hbs", data));

    private static AspirateData Data(string name, JsonNode resource, Dictionary<string, string> variables)
    {
        var isProject = (string?)resource["type"] == "project.v0";
        var volumes = Cluster.Items(resource["volumes"]).Select(v => new AspirateVolume((string)v["name"]!, (string)v["target"]!)).ToList();
        bool IsSecret(KeyValuePair<string, string> variable) => SecretNames.Any(prefix => variable.Key.StartsWith(prefix, StringComparison.Ordinal));
        return new AspirateData
        {
            Name = name,
            IsProject = isProject,
            ContainerImage = isProject ? $"{name}:dev" : (string)resource["image"]!,
            Env = variables.Where(v => !IsSecret(v) && v.Value.Length > 0).ToDictionary(),
            Secrets = variables.Where(IsSecret).ToDictionary(),
            Volumes = volumes,
            Ports = [.. resource["bindings"]!.AsObject()
                .Select(b => new AspiratePort(b.Key, (int?)b.Value!["targetPort"] ?? 8080, (int?)b.Value["port"] ?? 0))],
            Manifests = [volumes.Count > 0 ? "statefulset.yaml" : "deployment.yaml", "service.yaml"],
        };
    }
}

/// <summary>What aspirate gives to each template, under its names.</summary>
internal sealed class AspirateData
{
    public string? Name { get; init; }
    public string? Namespace { get; init; }
    public string? ContainerImage { get; init; }
    public string ImagePullPolicy { get; init; } = "IfNotPresent";
    public string ServiceType { get; init; } = "ClusterIP";
    public string? Entrypoint { get; init; }
    public bool IsProject { get; init; }
    public bool WithPrivateRegistry { get; init; }
    public Dictionary<string, string> Env { get; init; } = [];
    public Dictionary<string, string> Secrets { get; init; } = [];
    public Dictionary<string, string> Annotations { get; init; } = [];
    public IReadOnlyList<AspirateVolume> Volumes { get; init; } = [];
    public IReadOnlyList<AspiratePort> Ports { get; init; } = [];
    public IReadOnlyList<string> Manifests { get; init; } = [];
    public IReadOnlyList<string> Args { get; init; } = [];
    public bool HasPorts => Ports.Count > 0;
    public bool HasVolumes => Volumes.Count > 0;
    public bool HasAnySecrets => Secrets.Count > 0;
    public bool HasAnyEnv => Env.Count > 0;
    public bool HasAnyAnnotations => Annotations.Count > 0;
    public bool HasArgs => Args.Count > 0;
    public bool WithNamespace => Namespace is not null;
}

internal sealed record AspirateVolume(string Name, string Target);

/// <param name="ExternalPort">0 where the manifest names no port of its own for others.</param>
internal sealed record AspiratePort(string Name, int InternalPort, int ExternalPort);
