using System.Runtime.CompilerServices;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Embedded.Hosting;

/// <summary>Sends a server's metrics where OTEL_EXPORTER_OTLP_ENDPOINT says.</summary>
internal static class MetricsExport
{
    private const string RuntimeMeter = "System.Runtime";

    /// <summary>
    /// Begins to send, once the server listens: who starts it waits for that. Without a receiver nothing of OpenTelemetry is loaded.
    /// </summary>
    /// <returns>To be kept while the server runs, and not disposed: a stop must not wait for a receiver that has gone.</returns>
    public static object? Start(string meter) =>
        string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT")) ? null : Build(meter);

    // A method of its own, because the types it names are loaded when it is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MeterProvider? Build(string meter) => Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource => resource
            .AddService(Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME") ?? meter)
            .AddAttributes([new("host.name", Environment.MachineName)])
            .AddEnvironmentVariableDetector())
        .AddMeter(meter, RuntimeMeter)
        .AddOtlpExporter()
        .Build();
}
