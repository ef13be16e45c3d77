using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.ServiceDefaults.Telemetry;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service has: telemetry, health, a port of its own.</summary>
public static class Extensions
{
    private const string LiveTag = "live";
    private const string HealthPath = "/health";
    private const string AlivePath = "/alive";

    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        // Run alone, several services on one machine must not all want port 5000.
        if (builder.Configuration["urls"] is null && builder.Configuration["http_ports"] is null && builder.Configuration["https_ports"] is null)
        {
            builder.Configuration["urls"] = "http://127.0.0.1:0";
        }

        builder.Services.TryAddSingleton<TimeProvider>(new AnchoredTimeProvider(TimeProvider.System));
        builder.Services.AddSingleton(services => TraceSampling.From(builder.Configuration, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<RecordSpans>();
        builder.Services.AddSingleton<PipelineMetrics>();
        builder.Services.AddSingleton<ClientTroubles>();

        // What stops a service is told once, by RunServiceAsync, and not again with a stack trace by the host.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // librdkafka's own lines repeat for every attempt to connect; ClientTroubles says it once in a while.
        builder.Logging.AddFilter("Aspire.Confluent.Kafka", LogLevel.Critical);
        // /health tells what is wrong and why; each probe would log it again.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        // Four lines a request, and pages and probes ask all the time.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        return builder.ConfigureOpenTelemetry().AddDefaultHealthChecks();
    }

    /// <summary>
    /// Logs, metrics and traces go where OTEL_EXPORTER_OTLP_ENDPOINT says, traces also into the folder that
    /// <see cref="SpanFile.Setting"/> names. Without either nothing is recorded and nothing spent.
    /// </summary>
    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        var isExported = !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var folder = builder.Configuration[SpanFile.Setting];
        if (!isExported && string.IsNullOrWhiteSpace(folder))
        {
            return builder;
        }

        SpanQueue.SetDefaults(builder.Configuration);
        // Aspire asks for it; a service would wait for a dashboard that has gone before it stops
        builder.Configuration["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = null;
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddProcess(builder))
            .WithTracing(tracing => tracing
                .AddSource([TelemetryNames.ActivitySource, .. TelemetryNames.LibrarySources])
                .AddAspNetCoreInstrumentation(requests => requests.Filter = IsNoProbe)
                // in code, for Aspire asks for always_on, which is deaf to the flag in a record's header
                .SetSampler(new ParentBasedSampler(new RootSampler())));
        if (!string.IsNullOrWhiteSpace(folder))
        {
            builder.AddSpanFile(folder);
        }

        if (isExported)
        {
            builder.Logging.AddOpenTelemetry(logging =>
            {
                logging.IncludeFormattedMessage = true;
                logging.IncludeScopes = true;
            });
            telemetry
                .WithMetrics(metrics => metrics
                    .AddMeter([TelemetryNames.Meter, TelemetryNames.SdkMeter])
                    .AddAspNetCoreInstrumentation()
                    .AddRuntimeInstrumentation()
                    .SetExemplarFilter(ExemplarFilterType.TraceBased))
                .UseOtlpExporter();
        }
        return builder;
    }

    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        return builder;
    }

    /// <summary><c>/health</c>: ready for work, every check passes. <c>/alive</c>: the process answers; restart it when not.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(HealthPath, new HealthCheckOptions { ResponseWriter = WriteReasonsAsync });
        app.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) });
        return app;
    }

    /// <summary>The status, as everybody expects, and below it why it is not better.</summary>
    private static Task WriteReasonsAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        var reasons = report.Entries.Where(entry => entry.Value.Status != HealthStatus.Healthy)
            .Select(entry => $"{entry.Key}: {entry.Value.Description}");
        return context.Response.WriteAsync(string.Join('\n', [report.Status.ToString(), .. reasons]), context.RequestAborted);
    }

    /// <summary>Probes come every few seconds and would bury all other spans.</summary>
    private static bool IsNoProbe(HttpContext request) => request.Request.Path != HealthPath && request.Request.Path != AlivePath;
}
