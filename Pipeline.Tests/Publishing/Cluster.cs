using System.Text.Json.Nodes;
using k8s;

namespace Pipeline.Tests.Publishing;

/// <summary>The objects of a rendered overlay, and questions to them.</summary>
internal sealed class Cluster(IReadOnlyList<JsonObject> objects)
{
    /// <summary>Kinds that operators bring; Kubernetes itself does not know their fields.</summary>
    private static readonly Dictionary<string, Type> OfOperators = new()
    {
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(Dictionary<string, object>),
        ["sparkoperator.k8s.io/v1beta2/SparkApplication"] = typeof(Dictionary<string, object>),
    };

    /// <summary>Reads what was rendered.</summary>
    /// <exception cref="YamlDotNet.Core.YamlException">A field that the kind does not have, or a value that the field does not take.</exception>
    public static Cluster Read(string yaml)
    {
        _ = KubernetesYaml.LoadAllFromString(yaml, OfOperators, strict: true);
        return new(YamlDocuments.Read(yaml));
    }

    public IReadOnlyList<JsonObject> Objects { get; } = objects;

    /// <summary>Everything that starts pods, with the pod that it starts.</summary>
    public IReadOnlyList<(string Name, JsonNode Owner, JsonNode Pod)> Pods { get; } =
    [
        .. from owner in objects
           let pod = (string)owner["kind"]! switch
           {
               "Deployment" or "StatefulSet" or "Job" => owner["spec"]!["template"],
               "CronJob" => owner["spec"]!["jobTemplate"]!["spec"]!["template"],
               _ => null,
           }
           where pod is not null
           select ($"{owner["kind"]}/{Name(owner)}", (JsonNode)owner, pod),
    ];

    public IEnumerable<JsonObject> OfKind(string kind) => Objects.Where(o => (string)o["kind"]! == kind);

    public JsonObject One(string kind, string name) => OfKind(kind).Single(o => Name(o) == name);

    public bool Has(string kind, string? name) => OfKind(kind).Any(o => Name(o) == name);

    public static string Name(JsonNode owner) => (string)owner["metadata"]!["name"]!;

    public static IEnumerable<JsonNode> Containers(JsonNode pod) => pod["spec"]!["containers"]!.AsArray()!;

    public static IEnumerable<JsonNode> Items(JsonNode? list) => list is JsonArray array ? array.OfType<JsonNode>() : [];

    /// <summary>Whether a label selector chooses a pod; an empty one chooses all.</summary>
    public static bool Selects(JsonNode? labels, JsonNode pod) => (labels as JsonObject ?? []).All(label =>
        (string?)pod["metadata"]!["labels"]![label.Key] == (string?)label.Value);
}
