using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Embedded.Aspire.Running;

/// <summary>
/// Decides every address before anything starts, so that references can be written down up front. A process listens on its
/// endpoint's port itself; a forwarder stands before it only where one port has to lead to several processes or to another port.
/// </summary>
/// <param name="randomizePorts">Ignores fixed ports where that is possible, and remembers none.</param>
/// <param name="appHost">Tells AppHosts apart: each has ports of its own, the same in every run.</param>
/// <param name="log">Told of connections that go nowhere.</param>
internal sealed class EndpointAllocator(bool randomizePorts, string appHost, ILogger log) : IAsyncDisposable
{
    private readonly List<TcpForwarder> _forwarders = [];

    /// <exception cref="DistributedApplicationException">A port is taken, or what was asked for contradicts itself.</exception>
    public void Allocate(IResourceWithEndpoints resource)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        if (resource.TryGetLastAnnotation<EmbeddedServerAnnotation>(out var server)) AllocateServer(resource, endpoints, server);
        else if (ContainerEngine.Runs(resource)) foreach (var endpoint in endpoints) AllocateContainer(resource, endpoint);
        else foreach (var endpoint in endpoints) AllocateProcess(resource, endpoint, resource.GetReplicaCount());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var forwarder in _forwarders) await forwarder.DisposeAsync();
    }

    // A server has one listener, whatever a container would have; all of its endpoints lead there.
    private void AllocateServer(IResource resource, List<EndpointAnnotation> endpoints, EmbeddedServerAnnotation server)
    {
        var primary = endpoints.Single(e => e.Name == server.EndpointName);
        var port = Wanted(resource, primary, randomizePorts ? null : primary.Port) ?? Free(resource, primary);
        foreach (var endpoint in endpoints) Decide(endpoint, port, [port]);
    }

    // The engine itself leads a port of the machine to one in the container.
    private void AllocateContainer(IResource resource, EndpointAnnotation endpoint)
    {
        if (endpoint.TargetPort is null)
        {
            throw new DistributedApplicationException(
                $"Endpoint '{endpoint.Name}' of container '{resource.Name}' has no target port. Say which port the container listens on: targetPort.");
        }
        var isProxied = endpoint.IsProxied && !(resource.TryGetLastAnnotation<ProxySupportAnnotation>(out var proxy) && !proxy.ProxyEnabled);
        var fixedPort = endpoint.Port ?? (isProxied ? null : endpoint.TargetPort);
        Decide(endpoint, Wanted(resource, endpoint, randomizePorts && isProxied ? null : fixedPort) ?? Free(resource, endpoint), []);
    }

    private void AllocateProcess(IResource resource, EndpointAnnotation endpoint, int replicas)
    {
        Check(resource, endpoint, replicas);
        // Only what others connect to can be random: where the process insists on a port, that stays.
        var port = randomizePorts && endpoint.IsProxied ? null : endpoint.Port;
        var isForwarded = endpoint.IsProxied && (replicas > 1 || (endpoint.TargetPort is not null && (port is not null || randomizePorts)));
        if (!isForwarded)
        {
            var direct = Wanted(resource, endpoint, port ?? endpoint.TargetPort) ?? Free(resource, endpoint);
            Decide(endpoint, direct, [direct]);
            return;
        }
        var publicPort = Wanted(resource, endpoint, port) ?? Free(resource, endpoint);
        int[] targets = endpoint.TargetPort is { } target ? [target] : [.. Enumerable.Range(0, replicas).Select(replica => Free(resource, endpoint, replica))];
        _forwarders.Add(new TcpForwarder(publicPort, targets, log));
        Decide(endpoint, publicPort, targets);
    }

    private int Free(IResource resource, EndpointAnnotation endpoint, int? replica = null) =>
        randomizePorts ? PortAllocator.Next() : PortAllocator.Next($"{appHost}/{resource.Name}/{endpoint.Name}/{replica}");

    private static void Decide(EndpointAnnotation endpoint, int port, int[] replicaPorts)
    {
        // Listening everywhere is no address to connect to.
        var host = endpoint.TargetHost is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : endpoint.TargetHost;
        endpoint.ReplicaPorts = replicaPorts;
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, host, port);
    }

    private static int? Wanted(IResource resource, EndpointAnnotation endpoint, int? port)
    {
        if (port is not { } wanted) return null;
        if (PortAllocator.IsFree(wanted)) return wanted;
        throw new DistributedApplicationException(
            $"{resource.Name}: port {wanted} (endpoint '{endpoint.Name}') is taken by another program. Stop that program, or choose another port.");
    }

    private static void Check(IResource resource, EndpointAnnotation endpoint, int replicas)
    {
        var where = $"Endpoint '{endpoint.Name}' of resource '{resource.Name}'";
        if (replicas > 1 && !endpoint.IsProxied)
            throw new DistributedApplicationException($"{where} has {replicas} replicas and is not proxied: they cannot all listen on one port.");
        if (replicas > 1 && endpoint.TargetPort is not null)
            throw new DistributedApplicationException($"{where} has {replicas} replicas and a fixed target port: they cannot all listen on it.");
        if (endpoint.IsProxied && endpoint.Port is { } port && port == endpoint.TargetPort)
        {
            throw new DistributedApplicationException(
                $"{where} is proxied with the same port {port} on both sides; leave targetPort out, or set isProxied to false.");
        }
    }
}
