using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Aspire.Confluent.Kafka;

/// <summary>Has the host listen to what the clients tell.</summary>
internal static class KafkaTelemetryExtensions
{
    public static void AddKafkaTelemetry(this IHostApplicationBuilder builder, bool disableTracing, bool disableMetrics)
    {
        if (!disableTracing)
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource(KafkaTelemetry.Name));
        if (!disableMetrics)
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(KafkaTelemetry.Name));
    }
}
