namespace Aspire.Hosting.ApplicationModel;

/// <summary>Which addresses a listener is bound to.</summary>
public enum EndpointBindingMode
{
    /// <summary>One address.</summary>
    SingleAddress,

    /// <summary>Every address, IPv4 and IPv6.</summary>
    DualStackAnyAddresses,

    /// <summary>Every IPv4 address.</summary>
    IPv4AnyAddresses,

    /// <summary>Every IPv6 address.</summary>
    IPv6AnyAddresses,
}

/// <summary>Where an endpoint can be reached.</summary>
public class AllocatedEndpoint
{
    /// <summary>Says where.</summary>
    public AllocatedEndpoint(
        EndpointAnnotation endpoint, string address, int port,
        EndpointBindingMode bindingMode = EndpointBindingMode.SingleAddress, string? targetPortExpression = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        Endpoint = endpoint;
        Address = address;
        Port = port;
        BindingMode = bindingMode;
        TargetPortExpression = targetPortExpression;
    }

    /// <summary>What was allocated.</summary>
    public EndpointAnnotation Endpoint { get; }

    /// <summary>Host name or address.</summary>
    public string Address { get; }

    /// <summary>1–65535.</summary>
    public int Port { get; }

    /// <summary>Which addresses the listener is bound to.</summary>
    public EndpointBindingMode BindingMode { get; }

    /// <summary>The port behind the forwarder, as text.</summary>
    public string? TargetPortExpression { get; }

    /// <summary>What stands before <c>://</c>.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary><c>host:port</c>.</summary>
    public string EndPointString => $"{Address}:{Port}";

    /// <summary><c>scheme://host:port</c>.</summary>
    public string UriString => $"{UriScheme}://{EndPointString}";

    /// <inheritdoc/>
    public override string ToString() => UriString;
}
