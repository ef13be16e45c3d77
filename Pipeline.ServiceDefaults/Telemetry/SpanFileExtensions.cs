using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>Puts the file of spans into a service.</summary>
internal static class SpanFileExtensions
{
    /// <summary>
    /// From now on every recorded span is also appended to a file of this process in the folder, which is made when the service starts.
    /// </summary>
    public static void AddSpanFile(this IHostApplicationBuilder builder, string folder)
    {
        builder.Services.AddSingleton(new SpanFile(Path.GetFullPath(folder), ProcessResource.ServiceNameOf(builder)));
        builder.Services.AddSingleton<IStartupStep>(services => services.GetRequiredService<SpanFile>());
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(Processor));
    }

    private static SpanFileProcessor Processor(IServiceProvider services)
    {
        var queue = services.GetRequiredService<IOptions<BatchExportActivityProcessorOptions>>().Value;
        var exporter = new SpanFileExporter(services.GetRequiredService<SpanFile>(), queue.MaxQueueSize,
            services.GetRequiredService<PipelineMetrics>(), services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<SpanFileExporter>>());
        return new SpanFileProcessor(exporter, queue);
    }
}
