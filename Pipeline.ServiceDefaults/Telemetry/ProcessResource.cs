using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Resources;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>Who speaks.</summary>
internal static class ProcessResource
{
    /// <summary>What the telemetry calls the service, unless OTEL_RESOURCE_ATTRIBUTES says otherwise.</summary>
    public static string ServiceNameOf(IHostApplicationBuilder builder) =>
        builder.Configuration["OTEL_SERVICE_NAME"] ?? builder.Environment.ApplicationName;

    /// <summary>Describes this process. The environment has the last word: an orchestrator knows of pods and nodes what a process cannot.</summary>
    public static ResourceBuilder AddProcess(this ResourceBuilder resource, IHostApplicationBuilder builder)
    {
        var version = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        List<KeyValuePair<string, object>> attributes =
        [
            new("host.name", Environment.MachineName),
            new("deployment.environment.name", builder.Environment.EnvironmentName),
        ];
        if (ContainerId.Read() is { } container)
        {
            attributes.Add(new("container.id", container));
        }

        return resource
            .AddService(ServiceNameOf(builder), TelemetryNames.ServiceNamespace, version)
            .AddAttributes(attributes)
            .AddEnvironmentVariableDetector();
    }
}
