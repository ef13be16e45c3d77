using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>
/// Reads the file of earlier runs back, then appends each request as a line of JSON, in the form of the Collector's file
/// exporter. One loop, so lines are whole and in order.
/// </summary>
internal sealed class TelemetryFileWorker(
    TelemetryFile file, OtlpReceiver receiver, IOptions<TelemetryFileOptions> options, TimeProvider time, ILogger<TelemetryFileWorker> log) : BackgroundService
{
    /// <summary>What was received is on disk at most so much later.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    /// <summary>How often it is said that requests were lost.</summary>
    private static readonly TimeSpan WarningInterval = TimeSpan.FromSeconds(30);

    private long _lostBefore;
    private long? _warnedAt;
    private string? _problem;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        if (file.Path is not { } path) return;
        using var completion = stopping.Register(file.Complete);
        await ReadBackAsync(path, stopping);

        using var output = new RotatingFile(path, options.Value.MaxBytes, options.Value.MaxFiles, time);
        using var line = new PooledBytes();
        await using var json = new Utf8JsonWriter(line, ProtobufToJson.WriterOptions);
        while (await file.Queue.WaitToReadAsync(CancellationToken.None))
        {
            var since = time.GetTimestamp();
            while (time.GetElapsedTime(since) < FlushInterval && file.Queue.TryRead(out var queued))
            {
                using (queued.Request)
                {
                    file.Dequeued(queued.Request.Length);
                    Append(queued.Signal, queued.Request, output, line, json);
                }
            }
            Try(output.Flush);
            WarnOfLosses();
        }
    }

    /// <summary>Told to stop while reading, it stops reading: the lines stay in the file.</summary>
    private async Task ReadBackAsync(string path, CancellationToken stopping)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var (lines, damaged) = await TelemetryFileReader.ReadBackAsync(path, receiver, stopping);
            if (lines > 0) log.FileReadBack(path, lines, damaged, clock.ElapsedMilliseconds);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested) { }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.FileNotReadBack(path, e.Message);
        }
        finally
        {
            file.ReadBackDone();
        }
    }

    private void Append(OtlpSignal signal, PooledBytes request, RotatingFile output, PooledBytes line, Utf8JsonWriter json)
    {
        line.Clear();
        json.Reset();
        try
        {
            ProtobufToJson.Convert(request.Span, signal.Request, json);
        }
        catch (OtlpException e)
        {
            // It looks at fields that the decoder passes over. The rest of such a request is in the store.
            file.AddLost();
            _problem = e.Message;
            return;
        }
        json.Flush();
        line.GetSpan(1)[0] = (byte)'\n';
        line.Advance(1);
        Try(() => output.Append(line.Span));
    }

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file.AddLost();
            _problem = e.Message;
        }
    }

    private void WarnOfLosses()
    {
        var lost = file.LostCount;
        if (lost == _lostBefore || (_warnedAt is { } at && time.GetElapsedTime(at) < WarningInterval)) return;
        log.RequestsNotWritten(file.Path!, lost - _lostBefore, lost, _problem ?? "they came faster than they could be written");
        (_lostBefore, _warnedAt, _problem) = (lost, time.GetTimestamp(), null);
    }
}
