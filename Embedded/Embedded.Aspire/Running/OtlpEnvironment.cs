using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Embedded.Aspire.Running;

/// <summary>The variables that tell OpenTelemetry where telemetry goes and who it comes from.</summary>
internal static class OtlpEnvironment
{
    // Everything is sampled and sent within a second: a person watches. In production that would be too much.
    private static readonly (string Name, string Value)[] WhileDeveloping =
    [
        ("OTEL_BLRP_SCHEDULE_DELAY", "1000"),
        ("OTEL_BSP_SCHEDULE_DELAY", "1000"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "1000"),
        ("OTEL_TRACES_SAMPLER", "always_on"),
        ("OTEL_METRICS_EXEMPLAR_FILTER", "trace_based"),
    ];

    // Newer name first.
    private static readonly string[] HttpKeys = ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "DOTNET_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"];
    private static readonly string[] GrpcKeys = ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "DOTNET_DASHBOARD_OTLP_ENDPOINT_URL"];

    /// <summary>Sets the variables, in run mode. Without a receiver only the names are set: nothing is exported into the void.</summary>
    public static void Apply(EnvironmentCallbackContext context, IConfiguration configuration, IHostEnvironment environment)
    {
        if (context.ExecutionContext.IsPublishMode) return;

        var variables = context.EnvironmentVariables;
        variables["OTEL_SERVICE_NAME"] = context.Resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = ReferenceExpression.Create($"service.instance.id={new InstanceIdValue()}");

        // The dashboard prefers HTTP; Aspire's gRPC address stands in every launch profile, whether or not anybody listens there.
        context.Resource.TryGetLastAnnotation<OtlpExporterAnnotation>(out var exporter);
        var (keys, protocol) = exporter?.RequiredProtocol == OtlpProtocol.Grpc ? (GrpcKeys, "grpc") : (HttpKeys, "http/protobuf");
        if (keys.Select(key => configuration[key]).FirstOrDefault(url => !string.IsNullOrEmpty(url)) is not { } endpoint) return;

        variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
        variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol;
        if (configuration["AppHost:OtlpApiKey"] is { Length: > 0 } key) variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        if (!environment.IsDevelopment()) return;
        foreach (var (name, value) in WhileDeveloping) variables[name] = value;
    }
}
