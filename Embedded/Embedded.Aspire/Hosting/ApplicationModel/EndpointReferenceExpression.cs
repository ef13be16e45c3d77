using System.Globalization;
using Embedded.Aspire.Running;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The parts of an endpoint's address.</summary>
public enum EndpointProperty
{
    /// <summary><c>scheme://host:port</c>.</summary>
    Url = 0,

    /// <summary>The host name.</summary>
    Host = 1,

    /// <summary>The host as an IPv4 address.</summary>
    IPV4Host = 2,

    /// <summary>The port that others connect to.</summary>
    Port = 3,

    /// <summary>What stands before <c>://</c>.</summary>
    Scheme = 4,

    /// <summary>The port that the process listens on; each replica has its own.</summary>
    TargetPort = 5,

    /// <summary><c>host:port</c>.</summary>
    HostAndPort = 6,
}

/// <summary>One part of an endpoint's address.</summary>
public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property)
    : IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    /// <summary>Which endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpointReference ?? throw new ArgumentNullException(nameof(endpointReference));

    /// <summary>Which part.</summary>
    public EndpointProperty Property { get; } = property;

    /// <inheritdoc/>
    public string ValueExpression => Property switch
    {
        EndpointProperty.Url => Binding("url"),
        EndpointProperty.Host or EndpointProperty.IPV4Host => Binding("host"),
        EndpointProperty.Port => Binding("port"),
        EndpointProperty.Scheme => Binding("scheme"),
        EndpointProperty.TargetPort => Binding("targetPort"),
        EndpointProperty.HostAndPort => $"{Binding("host")}:{Binding("port")}",
        _ => throw new InvalidOperationException($"The property '{Property}' is not supported for the endpoint '{Endpoint.EndpointName}'."),
    };

    IEnumerable<object> IValueWithReferences.References => [Endpoint];

    /// <summary>The part; waits until the endpoint is allocated.</summary>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        GetValueAsync(new ValueProviderContext(), cancellationToken);

    /// <summary>The part, as the caller sees it: a replica that asks for its own target port gets its own.</summary>
    public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default)
    {
        if (Property == EndpointProperty.Scheme) return Endpoint.Scheme;

        var annotation = Endpoint.EndpointAnnotation;
        var allocated = await annotation.WhenAllocated.WaitAsync(cancellationToken);
        // "This machine" is another one for whoever is in a container.
        var isLocal = allocated.Address is "localhost" or "127.0.0.1" or "::1";
        var host = isLocal && ContainerEngine.Runs(context.Caller) ? ContainerEngine.HostName : allocated.Address;
        return Property switch
        {
            EndpointProperty.Url => $"{allocated.UriScheme}://{host}:{allocated.Port.ToString(CultureInfo.InvariantCulture)}",
            EndpointProperty.Host => host,
            EndpointProperty.IPV4Host => host == "localhost" ? "127.0.0.1" : host,
            EndpointProperty.Port => allocated.Port.ToString(CultureInfo.InvariantCulture),
            EndpointProperty.TargetPort => TargetPort(annotation, context).ToString(CultureInfo.InvariantCulture),
            EndpointProperty.HostAndPort => $"{host}:{allocated.Port.ToString(CultureInfo.InvariantCulture)}",
            _ => throw new InvalidOperationException($"The property '{Property}' is not supported for the endpoint '{Endpoint.EndpointName}'."),
        };
    }

    private int TargetPort(EndpointAnnotation annotation, ValueProviderContext context)
    {
        var replica = context is ReplicaContext mine && mine.Caller == Endpoint.Resource ? mine.ReplicaIndex : 0;
        return annotation.ReplicaPorts.Count > replica ? annotation.ReplicaPorts[replica] : annotation.TargetPort ?? Endpoint.Port;
    }

    private string Binding(string part) => $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{part}}}";
}
