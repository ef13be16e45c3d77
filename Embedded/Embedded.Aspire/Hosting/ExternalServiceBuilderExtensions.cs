using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A service that runs elsewhere.</summary>
public sealed class ExternalServiceResource : Resource
{
    /// <summary>At a known URL.</summary>
    public ExternalServiceResource(string name, Uri uri) : base(name) => Uri = uri;

    /// <summary>At a URL that a parameter gives.</summary>
    public ExternalServiceResource(string name, ParameterResource urlParameter) : base(name) => UrlParameter = urlParameter;

    /// <summary>Where it is, when that is known now.</summary>
    public Uri? Uri { get; }

    /// <summary>What says where it is.</summary>
    public ParameterResource? UrlParameter { get; }

    internal object Url => (object?)UrlParameter ?? Uri!.ToString();
}

/// <summary>Adds services that run elsewhere.</summary>
public static class ExternalServiceBuilderExtensions
{
    /// <summary>Adds a service at a URL.</summary>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(
        this IDistributedApplicationBuilder builder, string name, string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
            ? builder.AddExternalService(name, uri)
            : throw new ArgumentException($"The URL '{url}' is not a valid absolute URI.", nameof(url));

    /// <summary>Adds a service at a URL.</summary>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(
        this IDistributedApplicationBuilder builder, string name, Uri uri) =>
        uri.IsAbsoluteUri && uri.AbsolutePath == "/"
            ? builder.AddResource(new ExternalServiceResource(name, uri))
            : throw new ArgumentException("The URI of an external service must be absolute, with the path \"/\".", nameof(uri));

    /// <summary>Adds a service at a URL that a parameter gives.</summary>
    public static IResourceBuilder<ExternalServiceResource> AddExternalService(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> urlParameter) =>
        builder.AddResource(new ExternalServiceResource(name, urlParameter.Resource));
}

public static partial class ResourceBuilderExtensions
{
    /// <summary>Gives the URL of a service that runs elsewhere.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder, IResourceBuilder<ExternalServiceResource> externalService)
        where TDestination : IResourceWithEnvironment
    {
        var service = externalService.Resource;
        builder.WithReferenceRelationship(service);
        return builder.WithEnvironment(async context =>
        {
            var url = service.Uri?.ToString() ?? await service.UrlParameter!.GetValueAsync(context.CancellationToken);
            var scheme = Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.Scheme : "default";
            context.EnvironmentVariables[$"services__{service.Name}__{scheme}__0"] = service.Url;
            context.EnvironmentVariables[$"{Embedded.Aspire.Running.VariableName.Encode(service.Name).ToUpperInvariant()}"] = service.Url;
        });
    }

    /// <summary>Sets a variable to the URL of a service that runs elsewhere.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, IResourceBuilder<ExternalServiceResource> externalService)
        where T : IResourceWithEnvironment => SetVariable(builder, name, externalService.Resource.Url);
}
