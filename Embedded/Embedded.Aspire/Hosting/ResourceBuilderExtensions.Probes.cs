using System.Diagnostics.CodeAnalysis;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

// Probes: how a cluster asks a deployed resource for its state.
public static partial class ResourceBuilderExtensions
{
    /// <summary>Has a URL of the deployed resource asked, in place of a probe of the same type.</summary>
    /// <param name="builder">The resource.</param>
    /// <param name="type">What the answer decides.</param>
    /// <param name="path">Default: <c>/</c>.</param>
    /// <param name="initialDelaySeconds">Before the first question; default: 5.</param>
    /// <param name="periodSeconds">Between questions; default: 5.</param>
    /// <param name="timeoutSeconds">For an answer; default: 1.</param>
    /// <param name="failureThreshold">Failures in a row that count; default: 3.</param>
    /// <param name="successThreshold">Successes in a row that count; default: 1.</param>
    /// <param name="endpointName">Default: <c>https</c> when there is one, else <c>http</c>.</param>
    [Experimental("ASPIREPROBES001")]
    public static IResourceBuilder<T> WithHttpProbe<T>(
        this IResourceBuilder<T> builder, ProbeType type, string? path = null, int? initialDelaySeconds = null, int? periodSeconds = null,
        int? timeoutSeconds = null, int? failureThreshold = null, int? successThreshold = null, string? endpointName = null)
        where T : IResourceWithEndpoints, IResourceWithProbes =>
        builder.WithHttpProbe(
            type, () => builder.GetEndpoint(endpointName ?? HttpEndpointName(builder)), path, initialDelaySeconds, periodSeconds, timeoutSeconds,
            failureThreshold, successThreshold);

    /// <summary>Has a URL of the deployed resource asked, in place of a probe of the same type.</summary>
    [Experimental("ASPIREPROBES001")]
    public static IResourceBuilder<T> WithHttpProbe<T>(
        this IResourceBuilder<T> builder, ProbeType type, Func<EndpointReference>? endpointSelector, string? path = null,
        int? initialDelaySeconds = null, int? periodSeconds = null, int? timeoutSeconds = null, int? failureThreshold = null,
        int? successThreshold = null) where T : IResourceWithEndpoints, IResourceWithProbes
    {
        var endpoint = endpointSelector?.Invoke() ?? builder.GetEndpoint(HttpEndpointName(builder));
        if (endpoint.Exists && !endpoint.IsHttp && !endpoint.IsHttps)
        {
            throw new DistributedApplicationException(
                $"Could not create HTTP probe for resource '{builder.Resource.Name}' as the endpoint with name '{endpoint.EndpointName}' " +
                $"and scheme '{endpoint.Scheme}' is not an HTTP endpoint.");
        }
        foreach (var same in builder.Resource.Annotations.OfType<ProbeAnnotation>().Where(p => p.Type == type).ToList())
            builder.Resource.Annotations.Remove(same);
        return builder.WithAnnotation(new EndpointProbeAnnotation
        {
            Type = type, EndpointReference = endpoint, Path = path ?? "/",
            InitialDelaySeconds = initialDelaySeconds ?? ProbeAnnotation.DefaultInitialDelaySeconds,
            PeriodSeconds = periodSeconds ?? ProbeAnnotation.DefaultPeriodSeconds,
            TimeoutSeconds = timeoutSeconds ?? ProbeAnnotation.DefaultTimeoutSeconds,
            FailureThreshold = failureThreshold ?? ProbeAnnotation.DefaultFailureThreshold,
            SuccessThreshold = successThreshold ?? ProbeAnnotation.DefaultSuccessThreshold,
        });
    }
}
