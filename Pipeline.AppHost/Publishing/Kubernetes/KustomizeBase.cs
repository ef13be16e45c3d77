using Aspire.Hosting.ApplicationModel;

/// <summary>
/// The application as a kustomize base: a file for each workload, and a kustomization that holds the open part of their
/// configuration. Values of parameters are in a Secret that the base only names: an overlay makes it of a file that is not kept.
/// </summary>
internal static class KustomizeBase
{
    private const string Header = "# Written by the AppHost (--operation publish --step publish). Change the AppHost or an overlay, not this file.\n";

    /// <summary>Parameters become variables of the container, which Kubernetes puts into the others.</summary>
    public static DeployedText Text { get; } = new(
        parameter => $"$({ParameterVariable(parameter)})", literal => literal.Replace("$(", "$$(", StringComparison.Ordinal));

    /// <returns>Content by file name.</returns>
    public static IReadOnlyDictionary<string, string> Write(string application, IReadOnlyList<Workload> workloads)
    {
        var objects = new KubernetesObjects(application, workloads);
        var files = workloads.ToDictionary(w => $"{w.Name}.yaml", w => Header + Yaml.Text(objects.Of(w)));
        files["kustomization.yaml"] = Header + Yaml.Text(Kustomization(workloads));
        return files;
    }

    /// <summary>The variable that carries a parameter into a container, for other variables to mention.</summary>
    public static string ParameterVariable(ParameterResource parameter) => parameter.Name.Replace('-', '_').ToUpperInvariant();

    public static string ConfigName(Workload workload) => $"{workload.Name}-config";

    public static string ParametersName(string application) => $"{application}-parameters";

    /// <summary>What can stand in the open: no parameter in it.</summary>
    public static IEnumerable<Variable> OpenVariables(Workload workload) => workload.Variables.Where(v => v.Parameters.Count == 0);

    private static YamlMap Kustomization(IReadOnlyList<Workload> workloads) => Yaml.Map(
        ("apiVersion", "kustomize.config.k8s.io/v1beta1"),
        ("kind", "Kustomization"),
        ("resources", workloads.Select(w => $"{w.Name}.yaml").ToList()),
        ("configMapGenerator", Yaml.Some(workloads.Where(w => OpenVariables(w).Any()).Select(w => Yaml.Map(
            ("name", ConfigName(w)),
            ("literals", OpenVariables(w).Select(v => $"{v.Name}={v.Text}").ToList()))))));
}
