using System.Buffers;
using System.IO.Pipelines;

namespace Embedded.Aspire.Dashboard.Otlp;

/// <summary>Reads a telemetry file and the renamed ones beside it: their newest part, oldest line first.</summary>
internal static class TelemetryFileReader
{
    /// <summary>About ten times what the store's limits let it keep of a pipeline's telemetry; read in a second or so.</summary>
    private const long MaxBytes = 100_000_000;

    /// <summary>How many lines were taken into the store, and how many were damaged: torn by a crash, or not ours.</summary>
    public static async Task<(int Lines, int Damaged)> ReadBackAsync(string path, OtlpReceiver receiver, CancellationToken cancellation)
    {
        var parts = new Stack<(string File, long From)>();
        var left = MaxBytes;
        foreach (var file in RotatingFile.FilesOf(path).Reverse())
        {
            var length = new FileInfo(file).Length;
            parts.Push((file, Math.Max(0, length - left)));
            left -= length;
            if (left <= 0) break;
        }

        var (lines, damaged) = (0, 0);
        foreach (var (file, from) in parts)
        {
            await foreach (var isWhole in ReadAsync(file, from, receiver, cancellation))
            {
                if (isWhole) lines++;
                else damaged++;
            }
        }
        return (lines, damaged);
    }

    private static async IAsyncEnumerable<bool> ReadAsync(
        string path, long from, OtlpReceiver receiver, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
        // One byte earlier: should that be a line feed, the first line is whole.
        file.Seek(Math.Max(0, from - 1), SeekOrigin.Begin);
        var skipFirst = from > 0;
        var input = PipeReader.Create(file, new StreamPipeReaderOptions(bufferSize: 1 << 16));
        while (true)
        {
            var read = await input.ReadAsync(cancellation);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
                if (!skipFirst && line.Length > 0) yield return Take(line, receiver);
                skipFirst = false;
            }
            if (read.IsCompleted && buffer.Length > 0 && !skipFirst) yield return Take(buffer, receiver);
            input.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted) break;
        }
        await input.CompleteAsync();
    }

    private static bool Take(ReadOnlySequence<byte> line, OtlpReceiver receiver)
    {
        var json = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        if (OtlpSignal.OfJson(json) is not { } signal) return false;
        try
        {
            using var request = OtlpHttp.FromJson(json, signal);
            receiver.Add(signal, request.Memory);
            return true;
        }
        catch (OtlpException)
        {
            return false;
        }
    }
}
