using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Embedded.Aspire.Publishing;

/// <summary>
/// A manifest that aspirate 9 reads: it knows no encoded parameters, puts variables through a template that turns <c>&amp;</c> into
/// an entity, skips programs and folders of this machine, and has no URL for https.
/// </summary>
internal static partial class AspirateCompat
{
    /// <summary>Before writing: leaves out what aspirate would make useless or public, and refuses what it would leave out.</summary>
    /// <returns>What aspirate will ignore, for a person to read.</returns>
    /// <exception cref="DistributedApplicationException">A program is in the model, or a configured password would have to be encoded.</exception>
    public static async Task<IReadOnlyList<string>> PrepareAsync(DistributedApplicationModel model, CancellationToken cancellation)
    {
        var warnings = new List<string>();
        foreach (var resource in model.Resources.Where(r => !r.IsExcludedFromPublish()))
        {
            if (resource is ExecutableResource)
            {
                throw new DistributedApplicationException(
                    $"aspirate cannot deploy the program '{resource.Name}'. Call PublishAsDockerFile on it, or ExcludeFromManifest.");
            }
            if (resource is MongoDBServerResource { PasswordParameter: { } password }) await RefuseToEncodeAsync(password, cancellation);
            // Passwords under names of their own would end in a ConfigMap.
            if (resource is IResourceWithEnvironment) resource.Annotations.Add(new ReferenceEnvironmentInjectionAnnotation(WithoutProperties(resource)));
            warnings.AddRange(resource.Annotations.OfType<ContainerMountAnnotation>().Where(m => m.Type == ContainerMountType.BindMount)
                .Select(mount => $"aspirate ignores the folder that is mounted at {mount.Target} of '{resource.Name}'. Use a volume."));
        }
        return warnings;
    }

    /// <summary>After writing: the same manifest in simpler words.</summary>
    public static JsonObject Simplify(ReadOnlySpan<byte> manifest)
    {
        var root = JsonNode.Parse(manifest)!.AsObject();
        var resources = root["resources"]!.AsObject();
        var https = RemoveHttpsOfProjects(resources);
        foreach (var (name, resource) in resources.ToList())
        {
            if ((string?)resource!["type"] == "annotated.string") { resources.Remove(name); continue; }
            if (resource["env"] is JsonObject variables)
            {
                foreach (var (variable, value) in variables.ToList())
                {
                    if (https.Any(((string)value!).Contains)) variables.Remove(variable);
                }
            }
            SimplifyTexts(resource);
        }
        return root;
    }

    private static async Task RefuseToEncodeAsync(ParameterResource password, CancellationToken cancellation)
    {
        string? value;
        try { value = await password.GetValueAsync(cancellation); }
        catch (MissingParameterValueException) { return; }       // it is asked for where the application is deployed
        if (value is null || Uri.EscapeDataString(value) == value) return;
        throw new DistributedApplicationException(
            $"aspirate cannot encode the value of Parameters:{password.Name} for a connection string. Choose one of letters, digits, '-', '.', '_' and '~'.");
    }

    private static ReferenceEnvironmentInjectionFlags WithoutProperties(IResource resource) =>
        (resource.TryGetLastAnnotation<ReferenceEnvironmentInjectionAnnotation>(out var chosen) ? chosen.Flags : ReferenceEnvironmentInjectionFlags.All)
        & ~ReferenceEnvironmentInjectionFlags.ConnectionProperties;

    /// <summary>Returns how expressions that refer to what was removed begin.</summary>
    private static List<string> RemoveHttpsOfProjects(JsonObject resources)
    {
        var removed = new List<string>();
        foreach (var (name, resource) in resources)
        {
            if ((string?)resource!["type"] is not "project.v0" || resource["bindings"] is not JsonObject bindings) continue;
            foreach (var (binding, _) in bindings.Where(b => (string?)b.Value!["scheme"] == "https").ToList())
            {
                bindings.Remove(binding);
                removed.Add($"{{{name}.bindings.{binding}.");
            }
        }
        return removed;
    }

    private static void SimplifyTexts(JsonNode node)
    {
        switch (node)
        {
            case JsonObject properties:
                foreach (var (name, value) in properties.ToList())
                {
                    if (Simplified(value) is { } text) properties[name] = text;
                    else if (value is not null) SimplifyTexts(value);
                }
                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (Simplified(items[i]) is { } text) items[i] = text;
                    else if (items[i] is { } item) SimplifyTexts(item);
                }
                break;
        }
    }

    // The driver finds out the mechanism by itself; what follows the first option of a URI can go.
    private static string? Simplified(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text)
        ? FurtherMongoDBOptions().Replace(text.Replace("-uri-encoded.value}", ".value}", StringComparison.Ordinal), "$1")
        : null;

    [GeneratedRegex(@"^(mongodb://.*\?authSource=[^&]*)&.*$")]
    private static partial Regex FurtherMongoDBOptions();
}
