using Aspire.Hosting.ApplicationModel;

/// <summary>Makes workloads of the model.</summary>
internal static class Workloads
{
    /// <param name="model">The application.</param>
    /// <param name="executionContext">Publish mode.</param>
    /// <param name="text">How values are written in the deployment.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="DistributedApplicationException">A resource cannot run in a container as described.</exception>
    public static async Task<IReadOnlyList<Workload>> OfAsync(
        DistributedApplicationModel model, DistributedApplicationExecutionContext executionContext, DeployedText text,
        CancellationToken cancellationToken)
    {
        var workloads = new List<Workload>();
        foreach (var resource in model.Resources.Where(r => !r.IsExcludedFromPublish()))
        {
            if (resource is ExecutableResource)
            {
                throw new DistributedApplicationException(
                    $"The program '{resource.Name}' has no container image. Call PublishAsDockerFile on it, or ExcludeFromManifest.");
            }
            if (resource is ProjectResource or ContainerResource)
            {
                workloads.Add(await OfAsync(resource, executionContext, text, cancellationToken));
            }
        }
        return workloads;
    }

    private static async Task<Workload> OfAsync(
        IResource resource, DistributedApplicationExecutionContext executionContext, DeployedText text, CancellationToken cancellationToken)
    {
        var variables = await PublishedEnvironment.VariablesAsync(resource, executionContext, cancellationToken);
        var args = await PublishedEnvironment.ArgsAsync(resource, executionContext, cancellationToken);
        var image = !resource.HasAnnotationOfType<DockerfileBuildAnnotation>() && resource.TryGetContainerImageName(out var name) ? name : null;
        return new(
            resource.Name, image, resource.GetReplicaCount(), text.PortsOf(resource),
            [.. Identity(resource), .. variables.Select(variable => text.Variable(variable.Key, variable.Value))],
            (resource as ContainerResource)?.Entrypoint, [.. args.Select(arg => text.Of(arg))], VolumesOf(resource), ProbesOf(resource),
            ContainerTraits.Of(resource),
            [.. variables.Values.Concat(args).SelectMany(Mentioned).Where(m => m != resource).Select(m => m.Name).Distinct()],
            [.. resource.Annotations.OfType<WaitAnnotation>()]);
    }

    // In run mode the host says it; a deployment has no host.
    private static Variable[] Identity(IResource resource) =>
        resource is ProjectResource ? [new("OTEL_SERVICE_NAME", resource.Name, [])] : [];

    private static List<ContainerMountAnnotation> VolumesOf(IResource resource)
    {
        var mounts = resource.Annotations.OfType<ContainerMountAnnotation>().ToList();
        return mounts.Find(m => m.Type == ContainerMountType.BindMount) is { } folder
            ? throw new DistributedApplicationException(
                $"'{resource.Name}' mounts the folder '{folder.Source}', which exists on this machine only. Use a volume where it is published.")
            : mounts;
    }

    // A service listens once it has warmed up: what tells that it is ready for work tells, asked for longer, that it has started.
    private static HttpProbes ProbesOf(IResource resource)
    {
        return new(Declared(ProbeType.Startup) ?? (Declared(ProbeType.Readiness) is { } ready ? ready with { Timing = null } : null),
            Declared(ProbeType.Readiness), Declared(ProbeType.Liveness));

        HttpCheck? Declared(ProbeType type) => resource.Annotations.OfType<EndpointProbeAnnotation>().LastOrDefault(p => p.Type == type) is { } probe
            ? new(probe.EndpointReference.EndpointName, probe.Path, probe)
            : null;
    }

    private static IEnumerable<IResource> Mentioned(object value) => value switch
    {
        IResourceWithParent child => [child.Parent],
        ProjectResource or ContainerResource => [(IResource)value],
        IValueWithReferences references => references.References.SelectMany(Mentioned),
        _ => [],
    };
}
