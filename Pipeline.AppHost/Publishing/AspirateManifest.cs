using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

/// <summary>
/// Aspire's manifest in the words that aspirate 9 understands: it knows no encoded parameters, and takes few variables for secrets.
/// </summary>
internal sealed partial class AspirateManifest
{
    /// <summary>What a variable's name begins with when aspirate shall keep it in a Secret.</summary>
    private const string SecretPrefix = "ConnectionString_";

    /// <summary>MongoDB's own password. Publishing/Aspirate/statefulset.hbs gives it back to the container under this name.</summary>
    private const string RootPassword = "MONGO_INITDB_ROOT_PASSWORD";

    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, NewLine = "\n" };

    private readonly JsonObject _manifest;

    private AspirateManifest(JsonObject manifest) => _manifest = manifest;

    public static AspirateManifest Parse(string manifest) => new(JsonNode.Parse(manifest)!.AsObject());

    /// <summary>The parameters whose values aspirate keeps secret.</summary>
    public IEnumerable<string> Secrets => Resources.Where(r => (bool?)r.Value!["inputs"]?["value"]?["secret"] == true).Select(r => r.Key);

    private JsonObject Resources => _manifest["resources"]!.AsObject();

    public string Simplified()
    {
        foreach (var (name, resource) in Resources.ToArray())
        {
            if ((string?)resource!["type"] == "annotated.string")
            {
                Resources.Remove(name);
            }
            else if (resource["env"] is JsonObject variables && variables.IndexOf(RootPassword) is >= 0 and var at)
            {
                variables.SetAt(at, SecretPrefix + RootPassword, variables[RootPassword]!.DeepClone());
            }
        }

        // The driver finds out the mechanism by itself. The JSON writer's own form of '&' is what stands in the text.
        return FurtherMongoDBOptions().Replace(_manifest.ToJsonString(Form), "$1")
            .Replace("-uri-encoded.value}", ".value}", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(mongodb://[^""]*\?authSource=[^""\\]*)\\u0026[^""]*")]
    private static partial Regex FurtherMongoDBOptions();
}
