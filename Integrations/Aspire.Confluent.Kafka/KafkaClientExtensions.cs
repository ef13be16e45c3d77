using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Aspire.Confluent.Kafka;

/// <summary>What producers and consumers are given alike.</summary>
internal static class KafkaClientExtensions
{
    public static void AddKafkaTelemetry(this IHostApplicationBuilder builder, bool disableTracing, bool disableMetrics)
    {
        if (!disableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(KafkaTelemetry.Name));
        }

        if (!disableMetrics)
        {
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(KafkaTelemetry.Name));
        }
    }

    /// <summary>Adds a check of one client; the first client of a name has it.</summary>
    public static void AddKafkaHealthCheck(this IHostApplicationBuilder builder, string name, Func<IServiceProvider, Handle> handle)
    {
        if (!builder.Properties.TryAdd($"Aspire.HealthChecks.{name}", true))
        {
            return;
        }
        // The client is made first, and so disposed last.
        builder.Services.AddKeyedSingleton(name, (services, _) => new KafkaHealthCheck(handle(services)));
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            name, services => services.GetRequiredKeyedService<KafkaHealthCheck>(name), failureStatus: null, tags: null));
    }
}
