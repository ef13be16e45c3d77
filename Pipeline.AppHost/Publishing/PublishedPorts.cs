using Aspire.Hosting.ApplicationModel;

namespace Embedded.Aspire.Publishing;

/// <summary>An endpoint as a deployment sees it.</summary>
/// <param name="Endpoint">What the AppHost said.</param>
/// <param name="Port">What others connect to, when it is fixed and differs from the target port.</param>
/// <param name="TargetPort">What the process listens on; null leaves it to the deployment.</param>
internal sealed record PublishedEndpoint(EndpointAnnotation Endpoint, int? Port, int? TargetPort);

/// <summary>
/// Decides the ports of a deployment. A project's first http and https endpoints have none: the deployment gives them the port that
/// .NET's container images listen on. What else the AppHost left open gets a port from 8000 on.
/// </summary>
internal sealed class PublishedPorts
{
    private const int FirstAllocatedPort = 8000;
    private readonly Dictionary<IResource, IReadOnlyList<PublishedEndpoint>> _known = [];
    private readonly HashSet<int> _used = [];
    private int _next = FirstAllocatedPort;

    public IReadOnlyList<PublishedEndpoint> Of(IResource resource)
    {
        if (!_known.TryGetValue(resource, out var endpoints)) _known[resource] = endpoints = Decide(resource);
        return endpoints;
    }

    private List<PublishedEndpoint> Decide(IResource resource)
    {
        var schemes = new HashSet<string>();
        return [.. resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint =>
        {
            var isHttp = endpoint.UriScheme is "http" or "https";
            var isFirst = resource is ProjectResource && isHttp && schemes.Add(endpoint.UriScheme);
            var targetPort = endpoint.TargetPort
                ?? (resource is ContainerResource ? endpoint.Port : null)
                ?? (isFirst ? null : Allocate());
            if (targetPort is { } used) _used.Add(used);
            return new PublishedEndpoint(endpoint, endpoint.Port == targetPort ? null : endpoint.Port, targetPort);
        })];
    }

    private int Allocate()
    {
        while (!_used.Add(_next)) _next++;
        return _next++;
    }
}
