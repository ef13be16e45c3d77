namespace Aspire.Hosting.ApplicationModel;

/// <summary>The image of the resource is built where it is deployed.</summary>
public class DockerfileBuildAnnotation(string contextPath, string dockerfilePath, string? stage) : IResourceAnnotation
{
    /// <summary>The folder that the build sees.</summary>
    public string ContextPath { get; } = contextPath;

    /// <summary>The Dockerfile.</summary>
    public string DockerfilePath { get; } = dockerfilePath;

    /// <summary>The stage to build; null is the last one.</summary>
    public string? Stage { get; } = stage;

    /// <summary>What the build is told.</summary>
    public Dictionary<string, object?> BuildArguments { get; } = [];
}
