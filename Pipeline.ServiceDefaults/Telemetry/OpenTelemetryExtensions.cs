using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Pipeline.ServiceDefaults.Telemetry;

namespace Microsoft.Extensions.Hosting;

/// <summary>How telemetry leaves a service.</summary>
public static class OpenTelemetryExtensions
{
    /// <summary>Buckets of a duration histogram: over a range of 1 to 1,000 a value is known to within 2.2 %, where the usual bounds begin at 5 ms.</summary>
    private const int HistogramBuckets = 160;

    /// <summary>
    /// The SDK's queue of ended spans, unless the environment says otherwise. Its own 2,048 overflow within half a second of full
    /// load, and what is too much is dropped; a span waits for 200 ms at most, so a person sees an image at once.
    /// </summary>
    private static readonly (string Setting, string Value)[] SpanQueue =
    [
        ("OTEL_BSP_MAX_QUEUE_SIZE", "65536"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "4096"),
        ("OTEL_BSP_SCHEDULE_DELAY", "200"),
    ];

    /// <summary>Logs, metrics and traces go where OTEL_EXPORTER_OTLP_ENDPOINT says; without it nothing is recorded and nothing spent.</summary>
    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return builder;
        foreach (var (setting, value) in SpanQueue)
            builder.Configuration[setting] ??= value;

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => Describe(resource, builder))
            .WithMetrics(metrics => metrics
                .AddMeter([TelemetryNames.Meter, .. TelemetryNames.PlatformMeters])
                .AddView(ExponentialHistograms)
                .SetExemplarFilter(ExemplarFilterType.TraceBased))
            .WithTracing(tracing => tracing.AddSource([TelemetryNames.ActivitySource, .. TelemetryNames.LibrarySources]))
            .UseOtlpExporter();
        return builder;
    }

    /// <summary>Who speaks. The environment has the last word: an orchestrator knows of pods and nodes what a process cannot.</summary>
    private static void Describe(ResourceBuilder resource, IHostApplicationBuilder builder)
    {
        var version = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        List<KeyValuePair<string, object>> attributes =
        [
            new("host.name", Environment.MachineName),
            new("deployment.environment.name", builder.Environment.EnvironmentName),
        ];
        if (ContainerId.Read() is { } container)
            attributes.Add(new("container.id", container));
        resource
            .AddService(builder.Configuration["OTEL_SERVICE_NAME"] ?? builder.Environment.ApplicationName, TelemetryNames.ServiceNamespace, version)
            .AddAttributes(attributes)
            .AddEnvironmentVariableDetector();
    }

    private static Base2ExponentialBucketHistogramConfiguration? ExponentialHistograms(Instrument instrument) =>
        instrument is Histogram<double> or Histogram<int> or Histogram<long> ? new() { MaxSize = HistogramBuckets } : null;
}
