using Embedded.Aspire.Contracts;

namespace Embedded.Aspire.Dashboard.Resources;

/// <summary>How a resource's state reads and feels: words, and one of five tones that the stylesheet knows.</summary>
internal static class ResourceTone
{
    private static readonly Dictionary<string, string> ByState = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Running"] = "good", ["Active"] = "good",
        ["Starting"] = "info", ["Waiting"] = "info", ["Stopping"] = "info",
        ["Restarting"] = "warn", ["RuntimeUnhealthy"] = "bad", ["FailedToStart"] = "bad",
    };

    private static readonly Dictionary<string, string> ByStyle = new(StringComparer.OrdinalIgnoreCase)
    {
        ["success"] = "good", ["info"] = "info", ["warning"] = "warn", ["warn"] = "warn", ["error"] = "bad",
    };

    private static readonly string[] WorstFirst = ["bad", "warn", "info", "quiet", "good"];

    /// <summary>good, info, warn, bad or quiet.</summary>
    public static string Tone(this ResourceView resource) =>
        resource.Health is "Unhealthy" or "Degraded" ? "warn"
        : resource.ExitCode is not null and not 0 && !IsUp(resource) ? "bad"
        : resource.StateStyle is { } style && ByStyle.TryGetValue(style, out var styled) ? styled
        : ByState.GetValueOrDefault(resource.State, "quiet");

    /// <summary>The state with what qualifies it: Running (unhealthy), Finished (exit code 1).</summary>
    public static string StateText(this ResourceView resource)
    {
        var state = Words(resource.State);
        return resource.Health is "Unhealthy" or "Degraded" ? $"{state} ({resource.Health.ToLowerInvariant()})"
            : resource.ExitCode is not null and not 0 && !IsUp(resource) ? $"{state} (exit code {resource.ExitCode})"
            : state;
    }

    /// <summary>What telemetry calls it: by its name, or one replica of several by its id.</summary>
    public static string TelemetryName(this ResourceView resource, int replicas) => replicas > 1 ? resource.Id : resource.Name;

    /// <summary>The worst of some resources.</summary>
    public static ResourceView Worst(IEnumerable<ResourceView> resources) => resources.MinBy(r => Array.IndexOf(WorstFirst, r.Tone()))!;

    private static bool IsUp(ResourceView resource) => resource.State is "Running" or "Starting" or "Waiting";

    // FailedToStart → Failed to start
    private static string Words(string state) =>
        string.Concat(state.Select((c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : c.ToString()));
}
