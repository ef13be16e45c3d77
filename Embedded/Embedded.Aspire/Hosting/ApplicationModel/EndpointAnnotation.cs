using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An address that a resource listens on.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private readonly TaskCompletionSource<AllocatedEndpoint> _allocated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int? _port;
    private int? _targetPort;

    /// <summary>Describes an endpoint. The scheme defaults to the protocol, the name to the scheme.</summary>
    public EndpointAnnotation(
        ProtocolType protocol, string? uriScheme = null, string? transport = null, string? name = null,
        int? port = null, int? targetPort = null, bool? isExternal = null, bool isProxied = true)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? ProtocolName(protocol);
        Name = name ?? UriScheme;
        ModelName.Validate("Endpoint", Name);
        Transport = transport ?? (UriScheme is "http" or "https" ? "http" : ProtocolName(protocol));
        _port = port;
        _targetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied;
    }

    /// <summary>Unique within the resource.</summary>
    public string Name { get; set; }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>The port that others connect to; null until one is chosen.</summary>
    public int? Port
    {
        get => _port ?? (IsProxied ? null : _targetPort);
        set => _port = value;
    }

    /// <summary>The port that the process listens on; null lets the host choose.</summary>
    public int? TargetPort
    {
        get => _targetPort ?? (IsProxied ? null : _port);
        set => _targetPort = value;
    }

    /// <summary>What stands before <c>://</c>.</summary>
    public string UriScheme { get; set; }

    /// <summary>The host name in URLs.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>http, http2, tcp or udp.</summary>
    public string Transport { get; set; }

    /// <summary>Whether it is meant for the world outside the application.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether a forwarder may stand between callers and the process.</summary>
    public bool IsProxied { get; set; }

    /// <summary>The address once it is decided.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => _allocated.Task.IsCompletedSuccessfully ? _allocated.Task.Result : null;
        set => _allocated.TrySetResult(value ?? throw new ArgumentNullException(nameof(value)));
    }

    internal Task<AllocatedEndpoint> WhenAllocated => _allocated.Task;

    /// <summary>The port each replica listens on, once decided.</summary>
    internal IReadOnlyList<int> ReplicaPorts { get; set; } = [];

    private static string ProtocolName(ProtocolType protocol) => protocol == ProtocolType.Udp ? "udp" : "tcp";
}
