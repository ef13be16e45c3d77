namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something that runs as a container where containers run, and as a process of ours in the embedded stack.</summary>
public class ContainerResource(string name, string? entrypoint = null)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport, IResourceWithProbes, IComputeResource
{
    /// <summary>What runs in the container, when it is not what the image says.</summary>
    public string? Entrypoint { get; set; } = entrypoint;
}

/// <summary>A program.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="command">A path, or a name found on PATH.</param>
/// <param name="workingDirectory">Absolute, or relative to the AppHost's folder.</param>
public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport, IResourceWithProbes, IComputeResource
{
    /// <summary>What runs.</summary>
    public string Command { get; internal set; } = command;

    /// <summary>Where it runs.</summary>
    public string WorkingDirectory { get; internal set; } = workingDirectory;
}

/// <summary>A .NET project.</summary>
public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport, IResourceWithProbes, IComputeResource;
