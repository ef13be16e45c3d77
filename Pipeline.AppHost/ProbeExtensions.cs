/// <summary>What a cluster asks the services; on this machine the AppHost's own health checks do.</summary>
internal static class ProbeExtensions
{
    public const string HealthPath = "/health";

    /// <summary>
    /// <c>/health</c> while it starts and before it is given work, <c>/alive</c> to know whether it has to be started again: a broker that is
    /// away makes a service unhealthy, and starting the service again would not help.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithProbes(this IResourceBuilder<ProjectResource> service) => service
        .WithHttpProbe(ProbeType.Readiness, HealthPath, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6)
        .WithHttpProbe(ProbeType.Liveness, "/alive", periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6);
}
