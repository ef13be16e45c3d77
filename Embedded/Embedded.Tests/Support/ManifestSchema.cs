using System.Text.Json;
using System.Text.Json.Nodes;

namespace Embedded.Tests.Support;

/// <summary>
/// What Aspire's published manifest schema (aspire-8.0.json) demands of the kinds of resources that we write, as tables: the schema
/// itself lies on a server that builds must not depend on. A property that is not in the table is refused, as the schema does.
/// </summary>
internal static class ManifestSchema
{
    private static readonly Property[] Runnable = [Object("env", Text), new("bindings", IsRequired: false, Bindings), List("args")];

    private static readonly Property[] Container =
    [
        .. Runnable, Optional("entrypoint", Text), Optional("connectionString", Text), Optional("bindMounts", Mounts("source", isRequired: true)),
        Optional("volumes", Mounts("name", isRequired: false)),
    ];

    private static readonly Dictionary<string, Property[]> Kinds = new()
    {
        ["container.v0"] = [Required("image", Text), .. Container],
        ["container.v1"] = [Required("build", Build), .. Container],
        ["project.v0"] = [Required("path", Text), .. Runnable],
        ["executable.v0"] = [Required("workingDirectory", Text), Required("command", Text), .. Runnable],
        ["value.v0"] = [Required("connectionString", Text)],
        ["parameter.v0"] = [Required("value", Text), Optional("connectionString", Text), Required("inputs", Inputs)],
        ["annotated.string"] = [Required("value", Text), Required("filter", (node, place) => OneOf(node, place, "uri"))],
    };

    /// <summary>What is wrong, each with its place; empty when the manifest is valid.</summary>
    public static List<string> Problems(JsonNode manifest) => manifest["resources"] is JsonObject resources
        ? [.. resources.SelectMany(resource => Resource(resource.Key, resource.Value))]
        : ["resources is missing"];

    private static IEnumerable<string> Resource(string name, JsonNode? resource) =>
        (string?)resource?["type"] is not { } type ? [$"{name} has no type"]
        : !Kinds.TryGetValue(type, out var properties) ? [$"{name} is of the unknown type {type}"]
        : Check(resource, name, [Required("type", Text), .. properties]);

    private static IEnumerable<string> Check(JsonNode? node, string place, params Property[] properties)
    {
        if (node is not JsonObject found) return [$"{place} is not an object"];
        return found.Where(f => !properties.Any(p => p.Name == f.Key)).Select(f => $"{place}.{f.Key} is not known")
            .Concat(properties.Where(p => p.IsRequired && !found.ContainsKey(p.Name)).Select(p => $"{place}.{p.Name} is missing"))
            .Concat(properties.Where(p => found.ContainsKey(p.Name)).SelectMany(p => p.Check(found[p.Name], $"{place}.{p.Name}")));
    }

    private static IEnumerable<string> Bindings(JsonNode? node, string place) => Each(node, place, (binding, at) => Check(binding, at,
        Required("scheme", (n, p) => OneOf(n, p, "http", "https", "tcp", "udp")), Required("protocol", (n, p) => OneOf(n, p, "tcp", "udp")),
        Required("transport", (n, p) => OneOf(n, p, "http", "http2", "tcp")), Optional("port", Number), Optional("targetPort", Number),
        Optional("external", Flag)));

    private static IEnumerable<string> Build(JsonNode? node, string place) => Check(node, place,
        Required("context", Text), Required("dockerfile", Text), Optional("stage", Text), Object("args", Text));

    private static IEnumerable<string> Inputs(JsonNode? node, string place) => Each(node, place, (input, at) => Check(input, at,
        Required("type", (n, p) => OneOf(n, p, "string")), Optional("secret", Flag), Optional("default", Default)));

    private static IEnumerable<string> Default(JsonNode? node, string place) => node?["generate"] is null
        ? Check(node, place, Required("value", Text))
        : Check(node, place, Required("generate", (generate, at) => Check(generate, at,
            [Required("minLength", Number), .. ((string[])["lower", "upper", "numeric", "special"]).Select(name => Optional(name, Flag)),
             .. ((string[])["minLower", "minUpper", "minNumeric", "minSpecial"]).Select(name => Optional(name, Number))])));

    private static Func<JsonNode?, string, IEnumerable<string>> Mounts(string source, bool isRequired) => (node, place) => Items(node, place,
        (mount, at) => Check(mount, at, new(source, isRequired, Text), Required("target", Text), Required("readOnly", Flag)));

    private static IEnumerable<string> Each(JsonNode? node, string place, Func<JsonNode?, string, IEnumerable<string>> check) =>
        node is JsonObject found ? found.SelectMany(f => check(f.Value, $"{place}.{f.Key}")) : [$"{place} is not an object"];

    private static IEnumerable<string> Items(JsonNode? node, string place, Func<JsonNode?, string, IEnumerable<string>> check) =>
        node is JsonArray found ? found.SelectMany((item, index) => check(item, $"{place}[{index}]")) : [$"{place} is not an array"];

    private static IEnumerable<string> Text(JsonNode? node, string place) => Kind(node, place, JsonValueKind.String);

    private static IEnumerable<string> Number(JsonNode? node, string place) => Kind(node, place, JsonValueKind.Number);

    private static IEnumerable<string> Flag(JsonNode? node, string place) => Kind(node, place, JsonValueKind.True, JsonValueKind.False);

    private static IEnumerable<string> Kind(JsonNode? node, string place, params JsonValueKind[] kinds) =>
        node is not null && kinds.Contains(node.GetValueKind()) ? [] : [$"{place} is not of kind {string.Join('/', kinds)}"];

    private static IEnumerable<string> OneOf(JsonNode? node, string place, params string[] values) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && values.Contains(text) ? [] : [$"{place} is none of {string.Join(", ", values)}"];

    private static Property Required(string name, Func<JsonNode?, string, IEnumerable<string>> check) => new(name, true, check);

    private static Property Optional(string name, Func<JsonNode?, string, IEnumerable<string>> check) => new(name, false, check);

    private static Property Object(string name, Func<JsonNode?, string, IEnumerable<string>> check) => Optional(name, (n, p) => Each(n, p, check));

    private static Property List(string name) => Optional(name, (n, p) => Items(n, p, Text));

    private sealed record Property(string Name, bool IsRequired, Func<JsonNode?, string, IEnumerable<string>> Check);
}
