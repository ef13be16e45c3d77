using Aspire.Hosting.ApplicationModel;

/// <summary>A resource as something that runs in containers: everything known, in the words of one kind of deployment.</summary>
/// <param name="Name">Of the resource; also its host name.</param>
/// <param name="Image">Null for a project or a Dockerfile, whose image is built where it is deployed.</param>
/// <param name="Replicas">How many containers.</param>
/// <param name="Ports">Where it listens.</param>
/// <param name="Variables">Its environment.</param>
/// <param name="Entrypoint">What runs, when it is not what the image says.</param>
/// <param name="Args">The command line.</param>
/// <param name="Volumes">What outlives the container.</param>
/// <param name="Probes">Which URLs tell how it is.</param>
/// <param name="Traits">How its image runs without privileges.</param>
/// <param name="Talks">The names of the workloads that it connects to.</param>
/// <param name="Waits">What it waits for.</param>
internal sealed record Workload(
    string Name, string? Image, int Replicas, IReadOnlyList<WorkloadPort> Ports, IReadOnlyList<Variable> Variables, string? Entrypoint,
    IReadOnlyList<string> Args, IReadOnlyList<ContainerMountAnnotation> Volumes, HttpProbes Probes,
    ContainerTraits Traits, IReadOnlyList<string> Talks, IReadOnlyList<WaitAnnotation> Waits);

/// <param name="Name">Of the endpoint.</param>
/// <param name="Port">What others connect to.</param>
/// <param name="TargetPort">What the process listens on.</param>
/// <param name="IsExternal">Whether the world outside may connect.</param>
internal sealed record WorkloadPort(string Name, int Port, int TargetPort, bool IsExternal);

/// <param name="Name">The variable.</param>
/// <param name="Text">Its value, with placeholders for parameters.</param>
/// <param name="Parameters">The parameters in it; a variable without can stand in the open.</param>
internal sealed record Variable(string Name, string Text, IReadOnlyList<ParameterResource> Parameters);

/// <param name="Endpoint">The port to ask.</param>
/// <param name="Path">The path to ask for; any answer from 200 to 399 is a good one.</param>
/// <param name="Timing">How often, and what counts, where the AppHost says it.</param>
internal sealed record HttpCheck(string Endpoint, string Path, ProbeAnnotation? Timing = null);

/// <summary>What a deployment asks to find out how a workload is; where there is nothing to ask, an open port is enough.</summary>
internal sealed record HttpProbes(HttpCheck? Startup, HttpCheck? Readiness, HttpCheck? Liveness);
