using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Embedded.Aspire.Publishing;
using Embedded.Aspire.Running;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

// Health.
public static partial class ResourceBuilderExtensions
{
    /// <summary>Asks a health check of the AppHost's services whether the resource is healthy.</summary>
    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key) where T : IResource
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (builder.Resource.Annotations.OfType<HealthCheckAnnotation>().Any(a => a.Key == key))
            throw new DistributedApplicationException($"Resource '{builder.Resource.Name}' already has a health check with key '{key}'.");
        return builder.WithAnnotation(new HealthCheckAnnotation(key));
    }

    /// <summary>Asks a URL of the resource; a status code says that it is healthy.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="path">Default: <c>/</c>.</param>
    /// <param name="statusCode">Default: 200.</param>
    /// <param name="endpointName">Default: <c>https</c> when there is one, else <c>http</c>.</param>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, string? path = null, int? statusCode = null, string? endpointName = null)
        where T : IResourceWithEndpoints
    {
        endpointName ??= builder.GetEndpoint("https").Exists ? "https" : "http";
        return builder.WithHttpHealthCheck(() => builder.GetEndpoint(endpointName), path, statusCode);
    }

    /// <summary>Asks a URL of an endpoint; a status code says that it is healthy.</summary>
    /// <exception cref="DistributedApplicationException">The endpoint does not speak HTTP.</exception>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder, Func<EndpointReference>? endpointSelector, string? path = null, int? statusCode = null)
        where T : IResourceWithEndpoints
    {
        var endpoint = endpointSelector?.Invoke() ?? builder.GetEndpoint(builder.GetEndpoint("https").Exists ? "https" : "http");
        if (endpoint.Exists && endpoint.Scheme is not ("http" or "https"))
        {
            throw new DistributedApplicationException(
                $"Could not create HTTP health check for resource '{builder.Resource.Name}' as the endpoint with name '{endpoint.EndpointName}' " +
                $"and scheme '{endpoint.Scheme}' is not an HTTP endpoint.");
        }
        path ??= "/";
        var status = statusCode ?? 200;
        var key = string.Create(CultureInfo.InvariantCulture, $"{builder.Resource.Name}_{endpoint.EndpointName}_{path}_{status}_check");
        builder.ApplicationBuilder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            key, _ => new HttpProbe(endpoint, path, status), HealthStatus.Unhealthy, tags: null));
        return builder.WithHealthCheck(key).WithAnnotation(new HttpHealthCheckAnnotation(endpoint.EndpointName, path));
    }
}
