/// <summary>Where cameras that are devices of their own post their pictures.</summary>
internal static class DeviceEndpointExtensions
{
    /// <summary>On one host the page has the port that services listen on in their containers, so that this is the next.</summary>
    private const int DeployedPort = 8081;

    private const string AnyAddress = "0.0.0.0";

    /// <summary>Opens the service to the world outside where it is deployed; on this machine, where a port was asked for.</summary>
    /// <param name="port">Null: any that is free, for programs of this machine.</param>
    public static IResourceBuilder<ProjectResource> WithDeviceEndpoint(this IResourceBuilder<ProjectResource> service, int? port)
    {
        var isPublished = service.ApplicationBuilder.ExecutionContext.IsPublishMode;
        service.WithHttpEndpoint(isPublished ? DeployedPort : port).WithExternalHttpEndpoints();
        return isPublished || port is null ? service : service.WithEndpoint("http", endpoint => endpoint.TargetHost = AnyAddress);
    }
}
