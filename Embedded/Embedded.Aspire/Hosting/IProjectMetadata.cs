using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Where a .NET project is. The build generates one class for each project that an AppHost refers to.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The project file, absolute.</summary>
    string ProjectPath { get; }

    /// <summary>Its launch settings, when they are not in <c>Properties/launchSettings.json</c>.</summary>
    LaunchSettings? LaunchSettings => null;

    /// <summary>Whether the project was built together with the AppHost.</summary>
    bool SuppressBuild => false;

    /// <summary>Whether the project is a single C# file.</summary>
    bool IsFileBasedApp => string.Equals(Path.GetExtension(ProjectPath), ".cs", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A project known by its path only.</summary>
internal sealed class ProjectMetadata(string path) : IProjectMetadata
{
    public string ProjectPath { get; } = path;
}

/// <summary>A resource that finds others, and is found, by name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;
