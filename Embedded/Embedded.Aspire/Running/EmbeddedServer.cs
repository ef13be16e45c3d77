using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Embedded.Aspire.Running;

/// <summary>Says that a program of the embedded stack runs in the place of a container.</summary>
/// <param name="What">What it is, for people.</param>
/// <param name="PathKey">The assembly metadata that says where the program is.</param>
/// <param name="EndpointName">The endpoint it listens on.</param>
/// <param name="DataTarget">The path in the container where the data is; a mount there chooses the data folder.</param>
/// <param name="Probe">Asks the server whether it is there, in its own protocol.</param>
internal sealed record EmbeddedServerAnnotation(
    string What, string PathKey, string EndpointName, string DataTarget, Func<string, int, CancellationToken, Task> Probe) : IResourceAnnotation;

/// <summary>Something to say in the log of a resource when it starts.</summary>
internal sealed record EmbeddedNoteAnnotation(string Text) : IResourceAnnotation;

internal static class EmbeddedServers
{
    /// <summary>Clients and servers agree on the address family: names can resolve to ::1 first.</summary>
    private const string Loopback = "127.0.0.1";

    public static IResourceBuilder<T> RunAsEmbeddedServer<T>(this IResourceBuilder<T> builder, EmbeddedServerAnnotation server)
        where T : ContainerResource
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>())
            endpoint.TargetHost = Loopback;

        var key = $"{builder.Resource.Name}_check";
        var reference = builder.Resource.GetEndpoint(server.EndpointName);
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key, _ => new ServerProbe(reference, server.Probe), HealthStatus.Unhealthy, tags: null));
        return builder.WithAnnotation(server).WithAnnotation(new HealthCheckAnnotation(key)).WithOtlpExporter();
    }
}
