using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Embedded.Aspire.Running;

/// <summary>The variables that every project gets, before anything the AppHost says about it.</summary>
internal static class ProjectEnvironment
{
    private static readonly (string Name, string Value)[] WhileDeveloping =
    [
        ("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true"),
        ("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true"),
        ("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true"),
    ];

    /// <summary>How the project logs to a console that is a pipe, and what its telemetry may contain.</summary>
    public static void Basics(EnvironmentCallbackContext context, IHostEnvironment environment)
    {
        var variables = context.EnvironmentVariables;
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        if (context.ExecutionContext.IsPublishMode) return;

        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        if (!environment.IsDevelopment()) return;
        foreach (var (name, value) in WhileDeveloping) variables[name] = value;
    }

    /// <summary>Where the project listens.</summary>
    public static void Urls(EnvironmentCallbackContext context)
    {
        var owner = (IResourceWithEndpoints)context.Resource;
        var filters = context.Resource.Annotations.OfType<EndpointEnvironmentFilterAnnotation>().Select(f => f.Filter).ToList();
        var endpoints = owner.GetEndpoints().Where(e => e.Scheme is "http" or "https" && filters.All(f => f(e.EndpointAnnotation))).ToList();
        if (endpoints.Count == 0) return;
        if (context.ExecutionContext.IsPublishMode)
        {
            PublishedUrls(context, endpoints);
            return;
        }

        var urls = new ReferenceExpressionBuilder();
        foreach (var endpoint in endpoints)
        {
            if (!urls.IsEmpty) urls.AppendLiteral(";");
            urls.Append($"{endpoint.Scheme}://{endpoint.EndpointAnnotation.TargetHost}:{endpoint.Property(EndpointProperty.TargetPort)}");
        }
        context.EnvironmentVariables["ASPNETCORE_URLS"] = urls.Build();
        if (endpoints.FirstOrDefault(e => e.IsHttps) is { } https)
            context.EnvironmentVariables["ASPNETCORE_HTTPS_PORT"] = https.Property(EndpointProperty.Port);
    }

    // Where it is deployed, a gateway ends TLS and forwards: the project listens for HTTP, on ports that the deployment chooses.
    private static void PublishedUrls(EnvironmentCallbackContext context, IReadOnlyList<EndpointReference> endpoints)
    {
        if (!context.Resource.HasAnnotationOfType<DisableForwardedHeadersAnnotation>())
            context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        var ports = new ReferenceExpressionBuilder();
        foreach (var endpoint in endpoints.Where(e => e.IsHttp))
        {
            if (!ports.IsEmpty) ports.AppendLiteral(";");
            ports.Append($"{endpoint.Property(EndpointProperty.TargetPort)}");
        }
        if (!ports.IsEmpty) context.EnvironmentVariables["HTTP_PORTS"] = ports.Build();
    }
}

/// <summary>Chooses the endpoints that a project is told to listen on.</summary>
internal sealed record EndpointEnvironmentFilterAnnotation(Func<EndpointAnnotation, bool> Filter) : IResourceAnnotation;

/// <summary>The project is not told of a gateway before it.</summary>
internal sealed record DisableForwardedHeadersAnnotation : IResourceAnnotation;
