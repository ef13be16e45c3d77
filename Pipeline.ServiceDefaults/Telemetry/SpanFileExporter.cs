using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace Pipeline.ServiceDefaults.Telemetry;

/// <summary>
/// Appends spans to a file in the form of the OpenTelemetry Collector's file exporter: a line a batch, an
/// ExportTraceServiceRequest in OTLP's JSON. What it had to drop is a metric, a line of the log, and a line of the file.
/// </summary>
/// <param name="file">Where to.</param>
/// <param name="maxQueuedSpans">How many may wait.</param>
/// <param name="metrics">Where what is missing is counted.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Told once.</param>
internal sealed class SpanFileExporter(SpanFile file, int maxQueuedSpans, PipelineMetrics metrics, TimeProvider time, ILogger<SpanFileExporter> log)
    : BaseExporter<Activity>
{
    private const string QueueFull = "queue_full";

    private static readonly JsonWriterOptions Form = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly Counter<long> _processedSpans =
        metrics.Meter.CreateCounter<long>(TelemetryNames.ProcessedSpans, "{span}", "Spans that are missing from the file of traces");

    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly Dictionary<ActivitySource, List<Activity>> _bySource = [];
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private int _queued;
    private long _dropped;
    private long _droppedInFile;

    /// <summary>Spans that are missing from the file.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Takes a place in the queue for a span, until it is exported.</summary>
    /// <returns>False when the queue is full: the span is dropped, and counted.</returns>
    public bool TryQueue()
    {
        if (Interlocked.Increment(ref _queued) <= maxQueuedSpans)
        {
            return true;
        }

        Interlocked.Decrement(ref _queued);
        Drop(1, QueueFull);
        return false;
    }

    public override ExportResult Export(in Batch<Activity> batch)
    {
        var count = 0;
        foreach (var span in batch)
        {
            if (!_bySource.TryGetValue(span.Source, out var spans))
            {
                _bySource[span.Source] = spans = [];
            }

            spans.Add(span);
            count++;
        }
        var isWritten = TryAppend(count);
        foreach (var spans in _bySource.Values)
        {
            spans.Clear();
        }

        Interlocked.Add(ref _queued, -count);
        return isWritten ? ExportResult.Success : ExportResult.Failure;
    }

    /// <summary>The last spans are written by now; what was dropped meanwhile is not.</summary>
    protected override bool OnShutdown(int timeoutMilliseconds) => TryAppend(0);

    private bool TryAppend(int count)
    {
        try
        {
            Append();
            return true;
        }
        catch (IOException failure)
        {
            Drop(count, failure.GetType().Name, failure);
            return false;
        }
    }

    private void Append()
    {
        var dropped = Dropped;
        var resource = ParentProvider.GetResource();
        _lines.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_lines, Form);
        if (_bySource.Values.Any(spans => spans.Count > 0))
        {
            OtlpJson.WriteSpans(json, resource, _bySource);
            EndLine(json);
        }
        if (dropped != _droppedInFile)
        {
            OtlpJson.WriteDropped(json, resource, dropped, _startedAt, time.GetUtcNow());
            EndLine(json);
        }
        file.Append(_lines.WrittenSpan);
        _droppedInFile = dropped;
    }

    private void EndLine(Utf8JsonWriter json)
    {
        json.Flush();
        json.Reset();
        _lines.Write("\n"u8);
    }

    private void Drop(int count, string errorType, IOException? failure = null)
    {
        if (Interlocked.Add(ref _dropped, count) == count && count > 0)
        {
            log.SpansDropped(errorType, failure?.Message ?? "");
        }

        _processedSpans.Add(count, new(TelemetryNames.ComponentName, TelemetryNames.SpanFile), new(TelemetryNames.ErrorType, errorType));
    }
}
