using System.Globalization;
using Aspire.Hosting.ApplicationModel;

/// <summary>
/// The application as a Compose file. Parameters and the images of projects are placeholders; <c>.env.example</c> lists them and
/// <c>.env</c>, which is not kept, gives them values.
/// </summary>
internal static class ComposeFile
{
    private const string Header =
        "# Written by the AppHost (--operation publish --step publish). Change the AppHost or an override file, not this file.\n";
    private const string Network = "aspire";

    /// <summary>Parameters and images are Compose's own variables.</summary>
    public static DeployedText Text { get; } = new(Placeholder, literal => literal.Replace("$", "$$", StringComparison.Ordinal));

    /// <returns>Content by file name.</returns>
    public static IReadOnlyDictionary<string, string> Write(string application, IReadOnlyList<Workload> workloads)
    {
        var file = Yaml.Map(
            ("name", application),
            ("services", Yaml.Map(workloads.Select(w => (w.Name, (object?)Service(w, workloads))))),
            ("networks", Yaml.Map((Network, Yaml.Map(("driver", "bridge"))))),
            ("volumes", Yaml.Map(workloads.SelectMany(w => w.Volumes).Select(v => v.Source).OfType<string>().Distinct()
                .Select(v => (v, (object?)Yaml.Map())))));
        return new Dictionary<string, string>
        {
            ["docker-compose.yaml"] = Header + Yaml.Text(file),
            [".env.example"] = Example(workloads),
        };
    }

    private static YamlMap Service(Workload workload, IReadOnlyList<Workload> workloads) => Yaml.Map(
        ("image", workload.Image ?? $"${{{ImageVariable(workload)}:-{workload.Name}:latest}}"),
        ("entrypoint", workload.Entrypoint is { } entrypoint ? new List<string> { entrypoint } : null),
        ("command", Yaml.Some(workload.Args)),
        ("environment", Yaml.Map(workload.Variables.Select(v => (v.Name, (object?)v.Text)))),
        ("expose", Yaml.Some(workload.Ports.Where(p => !p.IsExternal).Select(p => Number(p.TargetPort)).Distinct())),
        ("ports", Yaml.Some(workload.Ports.Where(p => p.IsExternal).Select(p => $"{Number(p.Port)}:{Number(p.TargetPort)}"))),
        ("depends_on", DependsOn(workload, workloads)),
        ("healthcheck", workload.Traits.HealthCommand.Count == 0 ? null : Yaml.Map(
            ("test", new List<string> { "CMD" }.Concat(workload.Traits.HealthCommand).ToList()),
            ("interval", "15s"), ("timeout", "10s"), ("retries", 5), ("start_period", "60s"), ("start_interval", "3s"))),
        ("restart", "unless-stopped"),
        ("user", workload.Traits.User is { } user ? $"{Number(user)}:{Number(user)}" : null),
        ("read_only", true),
        ("cap_drop", new List<string> { "ALL" }),
        ("security_opt", new List<string> { "no-new-privileges:true" }),
        ("tmpfs", Yaml.Some(workload.Traits.WritablePaths)),
        ("volumes", Yaml.Some(workload.Volumes.Select(v => Yaml.Map(
            ("type", "volume"), ("source", v.Source), ("target", v.Target), ("read_only", v.IsReadOnly ? true : null))))),
        ("deploy", Yaml.Map(
            ("replicas", workload.Replicas),
            ("resources", Yaml.Map(("limits", Yaml.Map(("memory", $"{Number(workload.Traits.MemoryMi)}M"))))))),
        ("networks", new List<string> { Network }));

    private static YamlMap? DependsOn(Workload workload, IReadOnlyList<Workload> workloads)
    {
        var waits =
            from wait in workload.Waits
            join waited in workloads on Waited(wait) equals waited.Name
            select (waited.Name, (object?)Yaml.Map(("condition", Condition(wait, waited))));
        return Yaml.Map(waits) is { Count: > 0 } map ? map : null;
    }

    // A database is as healthy as its server.
    private static string Waited(WaitAnnotation wait) => wait.Resource is IResourceWithParent child ? child.Parent.Name : wait.Resource.Name;

    // Only an image that brings a command to ask with can say that it is healthy; .NET's images bring none.
    private static string Condition(WaitAnnotation wait, Workload waited) => wait.WaitType switch
    {
        WaitType.WaitForCompletion => "service_completed_successfully",
        WaitType.WaitUntilHealthy when waited.Traits.HealthCommand.Count > 0 => "service_healthy",
        _ => "service_started",
    };

    private static string Example(IReadOnlyList<Workload> workloads)
    {
        var parameters = workloads.SelectMany(w => w.Variables).SelectMany(v => v.Parameters).DistinctBy(p => p.Name).Select(p =>
            $"# {p.Description ?? $"The parameter {p.Name}."} Letters and digits: it becomes a part of URIs.\n{KeyOf(p)}=\n");
        var images = workloads.Where(w => w.Image is null).Select(w => $"{ImageVariable(w)}={w.Name}:latest\n");
        return "# Copy to .env, which is not kept under version control, and fill in.\n" + string.Concat(parameters.Concat(images));
    }

    private static string Placeholder(ParameterResource parameter) => $"${{{KeyOf(parameter)}:?Set it in .env.}}";

    private static string KeyOf(ParameterResource parameter) => parameter.Name.Replace('-', '_').ToUpperInvariant();

    private static string ImageVariable(Workload workload) => $"{workload.Name.Replace('-', '_').ToUpperInvariant()}_IMAGE";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
