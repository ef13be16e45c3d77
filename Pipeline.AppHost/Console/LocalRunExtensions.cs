using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Pipeline.Contracts;

/// <summary>What a run on one machine looks like to the person who started it.</summary>
internal static class LocalRunExtensions
{
    private const string AnyPort = "http://localhost:0";

    /// <summary>No launch profile, no certificate to trust, no browser and no phoning home; a line for each resource that is ready.</summary>
    public static void UsePlainConsole(this IDistributedApplicationBuilder builder, PipelineOptions options)
    {
        if (!builder.ExecutionContext.IsRunMode)
        {
            return;
        }

        var configuration = builder.Configuration;
        configuration["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{options.Dashboard.Port}");
        configuration["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] ??= AnyPort;
        configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] ??= AnyPort;
        configuration["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] ??= AnyPort;
        configuration["ASPIRE_DASHBOARD_PERSISTENCE_MODE"] ??= "None";       // what it receives goes with the run
        configuration["ASPIRE_VERSION_CHECK_DISABLED"] ??= "true";
        configuration["ASPIRE_DASHBOARD_TELEMETRY_OPTOUT"] ??= "true";
        configuration["ASPIRE_CLI_TELEMETRY_OPTOUT"] ??= "true";

        builder.Services.AddLogging(logging => logging
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)  // what stops a run is told once, by RunUntilStopped
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)        // keys of the AppHost's own resource service
            .AddFilter("Aspire.Hosting", LogLevel.Warning)
            .AddFilter("Aspire.Hosting.Dcp.DcpHost", LogLevel.Error));               // what it says of certificates is for who serves HTTPS
        ImpatientHealthCheck.UseFor(builder.Services);
        OrchestratorCertificate.UseFor(builder.Services);
        builder.Services.AddSingleton<Terminal>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddEventingSubscriber<ResourceLines>();
        builder.Services.AddEventingSubscriber<ErrorLines>();
    }

    /// <summary>
    /// Shows how far the run is, asking the service's <c>/api/progress</c>; <see cref="UsePlainConsole"/> brings the console for it.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithProgressLine(this IResourceBuilder<ProjectResource> analytics, PipelineOptions options)
    {
        var builder = analytics.ApplicationBuilder;
        if (!builder.ExecutionContext.IsRunMode)
        {
            return analytics;
        }

        // The data folder may hold earlier runs; the line, the page and the API tell of this one.
        analytics.WithEnvironment("Progress__Since", TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        if (options.CameraNames().Count > 0)
        {
            analytics.WithEnvironment(
                "Progress__Pictures", options.Source.Count > 0 ? Pictures.Describe(options.Sources()) : Pictures.Describe(Pictures.InSample));
        }

        builder.Services.AddHostedService(
            services => new ProgressLine(analytics.GetEndpoint("http"), options, services.GetRequiredService<Terminal>()));
        return analytics;
    }
}
