using Aspire.Hosting;
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
        ("OTEL_BLRP_SCHEDULE_DELAY", "1000"),
        ("OTEL_BSP_SCHEDULE_DELAY", "1000"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "1000"),
        ("OTEL_TRACES_SAMPLER", "always_on"),
        ("OTEL_METRICS_EXEMPLAR_FILTER", "trace_based"),
    ];

    /// <summary>Where telemetry goes, when somebody receives it, and who it comes from.</summary>
    public static void Telemetry(EnvironmentCallbackContext context, IDistributedApplicationBuilder builder)
    {
        var variables = context.EnvironmentVariables;
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        if (context.ExecutionContext.IsPublishMode) return;

        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        variables["OTEL_SERVICE_NAME"] = context.Resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = ReferenceExpression.Create($"service.instance.id={new InstanceIdValue()}");

        var configuration = builder.Configuration;
        // Aspire's gRPC address stands in every launch profile, and nobody here listens there: services must not export into the void.
        var http = configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] ?? configuration["DOTNET_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"];
        if (http is null) return;

        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = http;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        if (configuration["AppHost:OtlpApiKey"] is { } key) variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        if (!builder.Environment.IsDevelopment()) return;
        foreach (var (name, value) in WhileDeveloping) variables[name] = value;
    }

    /// <summary>Where the project listens.</summary>
    public static void Urls(EnvironmentCallbackContext context)
    {
        if (context.ExecutionContext.IsPublishMode) return;
        var owner = (IResourceWithEndpoints)context.Resource;
        var endpoints = owner.GetEndpoints().Where(e => e.Scheme is "http" or "https").ToList();
        if (endpoints.Count == 0) return;

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
}
