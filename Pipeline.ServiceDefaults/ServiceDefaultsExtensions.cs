using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Pipeline.ServiceDefaults.Messaging;
using Pipeline.ServiceDefaults.Telemetry;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service has: telemetry, health, a port of its own.</summary>
public static class ServiceDefaultsExtensions
{
    private const string LiveTag = "live";
    private const string HealthPath = "/health";
    private const string AlivePath = "/alive";

    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        // Run alone, several services on one machine must not all want port 5000.
        if (builder.Configuration["urls"] is null && builder.Configuration["http_ports"] is null && builder.Configuration["https_ports"] is null)
            builder.Configuration["urls"] = "http://127.0.0.1:0";

        builder.Services.TryAddSingleton<TimeProvider>(new AnchoredTimeProvider(TimeProvider.System));
        builder.Services.AddSingleton(services => TraceSampling.From(builder.Configuration, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton<RecordSpans>();
        builder.Services.AddSingleton<ClientTroubles>();

        // What stops a service is told once, by RunServiceAsync, and not again with a stack trace by the host.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // librdkafka's own lines repeat for every attempt to connect; ClientTroubles says it once in a while.
        builder.Logging.AddFilter("Aspire.Confluent.Kafka", LogLevel.Critical);
        // Four lines a request, and pages and probes ask all the time.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);

        return builder.ConfigureOpenTelemetry().AddDefaultHealthChecks();
    }

    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        return builder;
    }

    /// <summary><c>/health</c>: ready for work, every check passes. <c>/alive</c>: the process answers; restart it when not.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.Use(new RequestSpans(HealthPath, AlivePath).InvokeAsync);
        app.MapHealthChecks(HealthPath);
        app.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) });
        return app;
    }
}
