using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Embedded.Aspire.Running;

/// <summary>Containers are asked for and nothing here can run them.</summary>
internal sealed class NoContainerEngineException(string message) : DistributedApplicationException(message);

/// <summary>Runs containers with docker or podman, whichever is on PATH and answers.</summary>
internal sealed class ContainerEngine
{
    /// <summary>How a container calls the machine it runs on.</summary>
    public const string HostName = "host.docker.internal";

    private static readonly string[] Known = ["docker", "podman"];
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(10);
    private readonly Lazy<Task<string?>> _program = new(FindAsync);

    /// <summary>Whether the resource runs as a container, and not as a program that takes the place of one.</summary>
    public static bool Runs(IResource? resource) => resource is ContainerResource && !resource.HasAnnotationOfType<EmbeddedServerAnnotation>();

    /// <exception cref="NoContainerEngineException">No engine answers.</exception>
    public async Task<LaunchPlan> PlanAsync(
        ContainerResource container, ReplicaContext replica, IReadOnlyList<string> args, IReadOnlyDictionary<string, string> variables,
        string directory, ILogger log, CancellationToken cancellation)
    {
        container.TryGetContainerImageName(out var image);
        var program = await _program.Value.WaitAsync(cancellation) ?? throw new NoContainerEngineException(
            $"{container.Name}: the image '{image}' needs a container engine, and neither docker nor podman answers on this machine. Install " +
            "and start one of them, or leave the resource out.");
        if (image is null) throw new DistributedApplicationException($"{container.Name}: the container has no image. Call WithImage.");

        var name = container.TryGetLastAnnotation<ContainerNameAnnotation>(out var given) ? given.Name : $"{container.Name}-{replica.InstanceId}";
        var own = await ResourceEnvironment.RuntimeArgsAsync(container, replica, cancellation);
        return new LaunchPlan(
            Programs.Find(program)!, Arguments(container, name, image, own, args, variables), directory, ResourceEnvironment.WithInherited(variables))
        {
            Container = (program, name),
        };
    }

    /// <summary>The engine's command line. Variables are passed by name, so that no secret stands in a list of processes.</summary>
    internal static List<string> Arguments(
        ContainerResource container, string name, string image, IEnumerable<string> runtimeArgs, IEnumerable<string> args,
        IReadOnlyDictionary<string, string> variables)
    {
        List<string> line = ["run", "--rm", "--name", name, $"--add-host={HostName}:host-gateway"];
        if (container.TryGetLastAnnotation<ContainerImagePullPolicyAnnotation>(out var pull) && pull.ImagePullPolicy != ImagePullPolicy.Default)
            line.AddRange(["--pull", pull.ImagePullPolicy.ToString().ToLowerInvariant()]);
        foreach (var endpoint in container.Annotations.OfType<EndpointAnnotation>())
        {
            var protocol = endpoint.Protocol == System.Net.Sockets.ProtocolType.Udp ? "/udp" : "";
            line.Add("-p");
            line.Add(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{endpoint.AllocatedEndpoint!.Port}:{endpoint.TargetPort}{protocol}"));
        }
        foreach (var mount in container.Annotations.OfType<ContainerMountAnnotation>())
        {
            var source = mount.Source is null ? "" : mount.Source + ":";
            line.AddRange(["-v", $"{source}{mount.Target}{(mount.IsReadOnly ? ":ro" : "")}"]);
        }
        foreach (var variable in variables.Keys.Order(StringComparer.Ordinal)) line.AddRange(["-e", variable]);
        if (container.Entrypoint is { } entrypoint) line.AddRange(["--entrypoint", entrypoint]);
        return [.. line, .. runtimeArgs, image, .. args];
    }

    /// <summary>Removes what is left of a container whose client was killed.</summary>
    public static async Task RemoveAsync(string program, string name)
    {
        try
        {
            using var process = await SpawnThread.StartAsync(Quiet(program, "rm", "-f", name));
            using var deadline = new CancellationTokenSource(AnswerDeadline);
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (Exception e) when (e is Win32Exception or OperationCanceledException)
        {
            // The engine is gone, and its containers with it.
        }
    }

    private static async Task<string?> FindAsync()
    {
        foreach (var program in Known.Where(p => Programs.Find(p) is not null))
        {
            if (await AnswersAsync(program)) return program;
        }
        return null;
    }

    // The client alone is no engine: the server has to answer too.
    private static async Task<bool> AnswersAsync(string program)
    {
        using var process = await SpawnThread.StartAsync(Quiet(program, "ps", "-q"));
        using var deadline = new CancellationTokenSource(AnswerDeadline);
        try
        {
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode == 0;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            return false;
        }
    }

    private static ProcessStartInfo Quiet(string program, params string[] args) =>
        new(Programs.Find(program)!, args) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
}
