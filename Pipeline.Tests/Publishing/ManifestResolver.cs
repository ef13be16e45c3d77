using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Pipeline.Tests.Publishing;

/// <summary>
/// Resolves the placeholders of a deployment manifest by the rules of aspirate 9: a host is the name of its resource, a project
/// listens on 8080, https has no URL. A placeholder that leads nowhere is an error that names it.
/// </summary>
internal sealed partial class ManifestResolver(JsonObject resources, IReadOnlyDictionary<string, string> inputs)
{
    private const int MaxDepth = 8;
    private const int DefaultHttpPort = 8080;
    private const int DefaultHttpsPort = 8443;

    /// <summary>A text of the manifest with every placeholder replaced.</summary>
    /// <exception cref="InvalidOperationException">A placeholder leads nowhere, or round in circles.</exception>
    public string Resolve(string text) => Resolve(text, depth: 0);

    /// <summary>The variables of a resource, resolved.</summary>
    public Dictionary<string, string> Variables(string resource) => resources[resource]!["env"]!.AsObject()
        .ToDictionary(variable => variable.Key, variable => Resolve((string)variable.Value!));

    /// <summary>Every text in the manifest that holds a placeholder, with where it stands.</summary>
    public IEnumerable<(string Place, string Text)> Templates() => Texts(resources).Where(text => Placeholder().IsMatch(text.Text));

    public static bool HasPlaceholder(string text) => Placeholder().IsMatch(text);

    private string Resolve(string text, int depth) => depth > MaxDepth
        ? throw new InvalidOperationException($"'{text}' does not come to an end.")
        : Placeholder().Replace(text, match => Resolve(Value(match.Groups[1].Value), depth + 1));

    private string Value(string path)
    {
        var parts = path.Split('.');
        var resource = resources[parts[0]] ?? throw new InvalidOperationException($"{{{path}}} names no resource.");
        return parts[1..] switch
        {
            ["connectionString"] when resource["connectionString"] is { } text => (string)text!,
            ["value"] when (string?)resource["type"] == "annotated.string" => Uri.EscapeDataString(Resolve((string)resource["value"]!)),
            ["value"] when (string?)resource["type"] == "parameter.v0" => (string)resource["value"]!,
            ["inputs", var input] when resource["inputs"]?[input] is not null => Input(parts[0]),
            ["bindings", var binding, var part] when resource["bindings"]?[binding] is { } found => Part(parts[0], found, part),
            _ => throw new InvalidOperationException($"{{{path}}} leads nowhere."),
        };
    }

    private string Input(string parameter) => inputs.TryGetValue(parameter, out var value)
        ? value
        : throw new InvalidOperationException($"The parameter '{parameter}' has no value.");

    private static string Part(string resource, JsonNode binding, string part)
    {
        var scheme = (string)binding["scheme"]!;
        var port = (int?)binding["port"];
        var target = (int?)binding["targetPort"] ?? (scheme switch { "http" => DefaultHttpPort, "https" => DefaultHttpsPort, _ => port });
        return part switch
        {
            "host" => resource,
            "scheme" => scheme,
            "port" => Number(port ?? target),
            "targetPort" => Number(target),
            "url" => scheme switch
            {
                "http" => $"http://{resource}:{Number(target)}",
                "https" => "",
                _ => $"{resource}:{Number(target)}",
            },
            _ => throw new InvalidOperationException($"A binding has no '{part}'."),
        };
    }

    private static string Number(int? value) => value?.ToString(CultureInfo.InvariantCulture)
        ?? throw new InvalidOperationException("The binding has no port.");

    private static IEnumerable<(string Place, string Text)> Texts(JsonNode? node) => node switch
    {
        JsonObject properties => properties.SelectMany(p => Texts(p.Value).Select(t => ($"{p.Key}.{t.Place}".TrimEnd('.'), t.Text))),
        JsonArray items => items.SelectMany((item, index) => Texts(item).Select(t => ($"[{index}]{t.Place}", t.Text))),
        JsonValue value when value.TryGetValue<string>(out var text) => [("", text)],
        _ => [],
    };

    [GeneratedRegex(@"\{([A-Za-z][\w-]*(?:\.[\w-]+)+)\}")]
    private static partial Regex Placeholder();
}
