using System.Reflection;

namespace Embedded.Aspire.Running;

/// <summary>
/// What the build wrote into the AppHost's assembly (build/Embedded.Aspire.AppHost.targets): where the AppHost is, and where the
/// outputs of the projects and servers are that it starts.
/// </summary>
internal sealed class AppHostMetadata
{
    public const string KafkaPathKey = "embeddedkafkapath";
    public const string MongoDBPathKey = "embeddedmongodbpath";
    public const string DashboardPathKey = "embeddeddashboardpath";
    private const string TargetPathPrefix = "apphosttargetpath:";
    private readonly Dictionary<string, string?> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The AppHost's folder.</summary>
    public string? ProjectPath => _values.GetValueOrDefault("apphostprojectpath");

    /// <summary>The AppHost's project file, without folder.</summary>
    public string? ProjectName => _values.GetValueOrDefault("apphostprojectname");

    /// <summary>Debug or Release.</summary>
    public string Configuration => _values.GetValueOrDefault("apphostconfiguration") ?? "Debug";

    public static AppHostMetadata Of(Assembly? assembly)
    {
        var metadata = new AppHostMetadata();
        foreach (var attribute in assembly?.GetCustomAttributes<AssemblyMetadataAttribute>() ?? [])
            metadata._values[attribute.Key] = attribute.Value;
        return metadata;
    }

    public string? PathOf(string key) => _values.GetValueOrDefault(key);

    /// <summary>The assembly that the build made of a project, when the AppHost refers to that project.</summary>
    public string? TargetPath(string projectPath) => _values.GetValueOrDefault(TargetPathPrefix + projectPath);
}
