using System.Globalization;
using Aspire.Hosting.ApplicationModel;

/// <summary>
/// Writes values as a deployment knows them: hosts are names of resources, ports are decided, only parameters stay open, as
/// placeholders in the deployment's own words.
/// </summary>
/// <param name="placeholder">How a parameter is written. Its value goes into URIs as it is, so it must not need encoding.</param>
/// <param name="literal">How other text is written, so that nothing in it looks like a placeholder.</param>
internal sealed class DeployedText(Func<ParameterResource, string> placeholder, Func<string, string> literal)
{
    /// <summary>What .NET's container images listen on. TLS ends before them, so https is the same port.</summary>
    private const int ProjectPort = 8080;

    private readonly Dictionary<IResource, IReadOnlyList<ResolvedEndpoint>> _endpoints = [];
    private readonly PortAllocator _free = new();

    public Variable Variable(string name, object value) => new(name, Of(value), [.. Parameters(value).Distinct()]);

    public string Of(object? value) => value switch
    {
        null => "",
        string text => literal(text),
        ParameterResource parameter => placeholder(parameter),
        EndpointReference endpoint => Part(endpoint, EndpointProperty.Url),
        EndpointReferenceExpression expression => Part(expression.Endpoint, expression.Property),
        ReferenceExpression expression => string.Format(
            CultureInfo.InvariantCulture, literal(expression.Format), [.. expression.ValueProviders.Select(Of)]),
        ConnectionStringReference reference => Of(reference.Resource),
        IResourceWithConnectionString resource => Of(resource.ConnectionStringExpression),
        _ => literal(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""),
    };

    public IReadOnlyList<WorkloadPort> PortsOf(IResource resource) =>
        [.. EndpointsOf(resource).Select(e => new WorkloadPort(e.Endpoint.Name, PortOf(e), TargetPortOf(e), e.Endpoint.IsExternal))
            .DistinctBy(p => p.Port)];

    // Asked once: every time, Aspire would give an endpoint that names no port another one.
    private IReadOnlyList<ResolvedEndpoint> EndpointsOf(IResource resource) =>
        _endpoints.TryGetValue(resource, out var known) ? known : _endpoints[resource] = resource.ResolveEndpoints(_free);

    private string Part(EndpointReference reference, EndpointProperty property)
    {
        var endpoint = EndpointsOf(reference.Resource).Single(e => e.Endpoint == reference.EndpointAnnotation);
        var scheme = reference.Resource is ProjectResource && reference.IsHttps ? "http" : reference.Scheme;
        var (host, port) = (reference.Resource.Name, PortOf(endpoint).ToString(CultureInfo.InvariantCulture));
        return property switch
        {
            EndpointProperty.Url => $"{scheme}://{host}:{port}",
            EndpointProperty.Host or EndpointProperty.IPV4Host => host,
            EndpointProperty.Port => port,
            EndpointProperty.HostAndPort => $"{host}:{port}",
            EndpointProperty.Scheme => scheme,
            EndpointProperty.TargetPort => TargetPortOf(endpoint).ToString(CultureInfo.InvariantCulture),
            _ => throw new InvalidOperationException($"The property '{property}' is not supported for the endpoint '{reference.EndpointName}'."),
        };
    }

    private static int PortOf(ResolvedEndpoint endpoint) => endpoint.ExposedPort.Value ?? TargetPortOf(endpoint);

    private static int TargetPortOf(ResolvedEndpoint endpoint) => endpoint.TargetPort.Value ?? ProjectPort;

    private static IEnumerable<ParameterResource> Parameters(object? value) => value switch
    {
        ParameterResource parameter => [parameter],
        EndpointReference or EndpointReferenceExpression => [],         // an address holds no parameter, though its resource may
        IValueWithReferences references => references.References.SelectMany(Parameters),
        _ => [],
    };
}
