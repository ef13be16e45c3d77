using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aspire.Hosting;

/// <summary>The content of <c>Properties/launchSettings.json</c>.</summary>
public sealed class LaunchSettings
{
    /// <summary>Profiles by name, in the order of the file.</summary>
    [JsonPropertyName("profiles")]
    public Dictionary<string, LaunchProfile> Profiles { get; set; } = [];
}

/// <summary>One way to launch a project.</summary>
public sealed class LaunchProfile
{
    /// <summary>Project, Executable, IISExpress…</summary>
    [JsonPropertyName("commandName")]
    public string? CommandName { get; set; }

    /// <summary>Arguments, as one string.</summary>
    [JsonPropertyName("commandLineArgs")]
    public string? CommandLineArgs { get; set; }

    /// <summary>Whether <c>dotnet run</c> talks.</summary>
    [JsonPropertyName("dotnetRunMessages")]
    public bool? DotnetRunMessages { get; set; }

    /// <summary>Whether an IDE opens a browser.</summary>
    [JsonPropertyName("launchBrowser")]
    public bool? LaunchBrowser { get; set; }

    /// <summary>What the browser opens.</summary>
    [JsonPropertyName("launchUrl")]
    public string? LaunchUrl { get; set; }

    /// <summary>Where the project listens, separated by semicolons.</summary>
    [JsonPropertyName("applicationUrl")]
    public string? ApplicationUrl { get; set; }

    /// <summary>Variables by name.</summary>
    [JsonPropertyName("environmentVariables")]
    public Dictionary<string, string> EnvironmentVariables { get; set; } = [];

    /// <summary>The program, for Executable.</summary>
    [JsonPropertyName("executablePath")]
    public string? ExecutablePath { get; set; }
}

/// <summary>Reads launch settings and chooses the profile.</summary>
internal static class LaunchProfiles
{
    private static readonly JsonSerializerOptions Lenient = new()
    {
        ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, PropertyNameCaseInsensitive = true,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };

    /// <summary>The named profile; with no name the preferred one, or else the first that launches a project.</summary>
    /// <exception cref="DistributedApplicationException">The named profile is missing, or the file cannot be read.</exception>
    public static (string Name, LaunchProfile Profile)? Choose(IProjectMetadata project, string? explicitName, string? preferredName)
    {
        var profiles = Read(project)?.Profiles;
        if (explicitName is not null)
        {
            return profiles?.TryGetValue(explicitName, out var named) == true
                ? (explicitName, named)
                : throw new DistributedApplicationException(
                    $"Launch profile '{explicitName}' does not exist in the launch settings of '{project.ProjectPath}'.");
        }
        if (profiles is null) return null;
        if (preferredName is not null && profiles.TryGetValue(preferredName, out var preferred)) return (preferredName, preferred);

        foreach (var (name, profile) in profiles)
        {
            if (string.IsNullOrEmpty(profile.CommandName) || profile.CommandName is "Project" or "Executable") return (name, profile);
        }
        return null;
    }

    private static LaunchSettings? Read(IProjectMetadata project)
    {
        if (project.LaunchSettings is { } given) return given;

        var path = Path.Combine(Path.GetDirectoryName(project.ProjectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize<LaunchSettings>(File.ReadAllText(path), Lenient);
        }
        catch (JsonException e)
        {
            throw new DistributedApplicationException($"The launch settings '{path}' are not valid JSON: {e.Message}", e);
        }
    }
}
