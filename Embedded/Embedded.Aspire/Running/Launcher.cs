using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Embedded.Aspire.Running;

/// <summary>Says what has to be started for a resource.</summary>
internal sealed class Launcher(AppHostMetadata metadata, RunOptions options, DataFolders data, ContainerEngine engine)
{
    /// <exception cref="DistributedApplicationException">What should be started is not there.</exception>
    public async Task<(LaunchPlan Plan, IReadOnlyDictionary<string, string> Given)> PlanAsync(
        IResource resource, ReplicaContext replica, ILogger log, CancellationToken cancellation)
    {
        var variables = await ResourceEnvironment.BuildAsync(resource, replica, log, cancellation);
        var args = await ResourceEnvironment.ArgsAsync(resource, replica, log, cancellation);
        if (resource is ContainerResource container && ContainerEngine.Runs(container))
            return (await engine.PlanAsync(container, replica, args, variables, options.Directory, log, cancellation), variables);

        var (fileName, allArgs, directory) = resource switch
        {
            ProjectResource project => Project(project, args),
            ExecutableResource executable => Executable(executable, args),
            _ => Server(resource, args),
        };
        return (new LaunchPlan(fileName, allArgs, directory, ResourceEnvironment.WithInherited(variables)), variables);
    }

    // The built assembly itself: faster than dotnet run, one process to signal, and no wrapper that swallows SIGTERM.
    private (string, IReadOnlyList<string>, string) Project(ProjectResource project, List<string> args)
    {
        var path = project.GetProjectMetadata().ProjectPath;
        var directory = Path.GetDirectoryName(path)!;
        if (metadata.TargetPath(path) is { } target)
        {
            return File.Exists(target)
                ? (Programs.DotNet, [target, .. args], directory)
                : throw new DistributedApplicationException($"{project.Name}: '{target}' is not built. Build the AppHost, which builds it too.");
        }
        if (!File.Exists(path)) throw new DistributedApplicationException($"{project.Name}: there is no project '{path}'.");
        var kind = project.GetProjectMetadata().IsFileBasedApp ? "--file" : "--project";
        string[] run = ["run", kind, path, "--configuration", metadata.Configuration, "--no-launch-profile", "--", .. args];
        return (Programs.DotNet, run, directory);
    }

    private static (string, IReadOnlyList<string>, string) Executable(ExecutableResource executable, List<string> args)
    {
        if (!Directory.Exists(executable.WorkingDirectory))
            throw new DistributedApplicationException($"{executable.Name}: there is no folder '{executable.WorkingDirectory}'.");
        var path = Programs.Resolve(executable.Command, executable.WorkingDirectory) ??
            throw new DistributedApplicationException(
                $"{executable.Name}: the program '{executable.Command}' was not found. Install it, or put its folder on PATH.");
        return (path, args, executable.WorkingDirectory);
    }

    private (string, IReadOnlyList<string>, string) Server(IResource resource, List<string> args)
    {
        var server = resource.Annotations.OfType<EmbeddedServerAnnotation>().Last();
        if (metadata.PathOf(server.PathKey) is not { } program || !File.Exists(program))
        {
            throw new DistributedApplicationException(
                $"{resource.Name}: the {server.What} is not built. Build the AppHost with build/Embedded.Aspire.AppHost.targets, " +
                "which builds it too.");
        }
        var port = ((IResourceWithEndpoints)resource).GetEndpoint(server.EndpointName).EndpointAnnotation.ReplicaPorts[0];
        var listen = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        return (Programs.DotNet, [program, "--listen", listen, "--data", data.FolderOf(resource, server), .. args], options.Directory);
    }
}
