using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Running;
using Microsoft.Extensions.Logging.Abstractions;

namespace Embedded.Tests.AspireHost;

/// <summary>Which ports endpoints get.</summary>
public sealed class PortTests
{
    [Fact]
    public void A_port_belongs_to_its_key_and_a_taken_one_gives_way_to_the_next()
    {
        var key = Guid.NewGuid().ToString();
        var first = PortAllocator.Next(key);
        using var taken = new TcpListener(IPAddress.Loopback, first);
        taken.Start();

        var second = PortAllocator.Next(key);

        Assert.NotEqual(first, second);
        Assert.InRange((second - first + 22_000) % 22_000, 1, 100);
    }

    [Fact]
    public async Task Two_runs_of_an_AppHost_want_the_same_ports_and_another_AppHost_wants_others()
    {
        var (name, elsewhere) = ($"/there/{Guid.NewGuid()}", $"/elsewhere/{Guid.NewGuid()}");

        var first = await PortsAsync(name);
        var second = await PortsAsync(name);
        var other = await PortsAsync(elsewhere);

        // The first run's ports are still given out in this process, so the second gets the ones next to them.
        Assert.All(first.Zip(second), pair => Assert.InRange((pair.Second - pair.First + 22_000) % 22_000, 1, 100));
        Assert.NotEqual(first, other);
    }

    private static async Task<List<int>> PortsAsync(string appHost)
    {
        var builder = Applications.New();
        builder.AddKafka("broker");
        builder.AddService("service").WithReplicas(2);
        await using var allocator = new EndpointAllocator(randomizePorts: false, appHost, NullLogger.Instance);
        foreach (var resource in builder.Resources.OfType<IResourceWithEndpoints>()) allocator.Allocate(resource);
        return [.. builder.Resources.SelectMany(r => r.Annotations.OfType<EndpointAnnotation>()).Select(e => e.AllocatedEndpoint!.Port).Distinct()];
    }
}
