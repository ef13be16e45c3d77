using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>The SDK's batch processor, whose queue tells what it could not take.</summary>
/// <remarks>The SDK's own count of dropped spans is a metric alone, and no log or file can be told from it.</remarks>
internal sealed class SpanFileProcessor : BatchActivityExportProcessor
{
    private readonly SpanFileExporter _exporter;

    public SpanFileProcessor(SpanFileExporter exporter, BatchExportActivityProcessorOptions queue)
        : base(exporter, queue.MaxQueueSize, queue.ScheduledDelayMilliseconds, queue.ExporterTimeoutMilliseconds, queue.MaxExportBatchSize) =>
        _exporter = exporter;

    public override void OnEnd(Activity data)
    {
        if (data.Recorded && _exporter.TryQueue())
        {
            base.OnEnd(data);
        }
    }
}
