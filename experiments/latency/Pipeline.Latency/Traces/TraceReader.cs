using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;

namespace Pipeline.Latency.Traces;

/// <summary>Reads what the Collector's file exporter writes: a line an export request, its three kinds in any order.</summary>
/// <remarks>
/// Blank lines and keys that are not known are passed over. A line that is no JSON is counted and passed over: the writer may have been
/// stopped in the middle of it, and what went missing shows as incomplete traces. Rotated files may be read in any order.
/// </remarks>
internal sealed class TraceReader
{
    /// <summary>The longest line that is read. A request has at most 64 MiB, and about twice that as JSON.</summary>
    public const int MaxLineBytes = 128 * 1024 * 1024;

    private const string ProcessedSpans = "otel.sdk.processor.span.processed";

    private readonly Dictionary<string, long> _dropped = [];

    /// <summary>Lines that were no JSON.</summary>
    public int UnreadableLines { get; private set; }

    public int ReadableLines { get; private set; }

    /// <summary>
    /// Spans that services say they dropped instead of exporting: each counts from its start on, so the most that it ever said is what counts.
    /// </summary>
    public long DroppedSpans => _dropped.Values.Sum();

    /// <summary>Reads every span of the files.</summary>
    /// <exception cref="ExperimentException">A file is missing, or holds nothing of the kind.</exception>
    public async Task ReadAsync(IEnumerable<string> files, Action<Span> take, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            await using var stream = File.OpenRead(file);
            await ReadAsync(stream, file, take, cancellationToken);
        }
    }

    /// <param name="name">What messages call the source.</param>
    public async Task ReadAsync(Stream source, string name, Action<Span> take, CancellationToken cancellationToken)
    {
        var before = (Readable: ReadableLines, Unreadable: UnreadableLines);
        var input = PipeReader.Create(source, new StreamPipeReaderOptions(bufferSize: 1 << 16, leaveOpen: true));
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } newline)
            {
                ReadLine(buffer.Slice(0, newline), take);
                buffer = buffer.Slice(buffer.GetPosition(1, newline));
            }

            if (buffer.Length > MaxLineBytes)
            {
                throw new ExperimentException(
                    $"{name} has a line longer than {MaxLineBytes / 1024 / 1024} MiB. The experiment reads uncompressed OTLP JSON lines.");
            }

            if (read.IsCompleted)
            {
                ReadLine(buffer, take);
                break;
            }

            input.AdvanceTo(buffer.Start, buffer.End);
        }

        await input.CompleteAsync();
        // One may be the torn line of a service that was stopped before it had written another.
        if (ReadableLines == before.Readable && UnreadableLines > before.Unreadable + 1)
        {
            throw new ExperimentException(
                $"{name} holds no line of OTLP JSON. The Collector's file exporter writes it with format: json and no compression.");
        }
    }

    private void ReadLine(in ReadOnlySequence<byte> line, Action<Span> take)
    {
        if (IsBlank(line))
        {
            return;
        }

        try
        {
            var reader = new Utf8JsonReader(line);
            var request = JsonSerializer.Deserialize(ref reader, OtlpJson.Default.OtlpLine);
            ReadableLines++;
            if (request is not null)
            {
                Take(request, take);
            }
        }
        catch (JsonException)
        {
            UnreadableLines++;
        }
    }

    private void Take(OtlpLine request, Action<Span> take)
    {
        foreach (var resource in request.ResourceSpans ?? [])
        {
            var service = TextOf(resource.Resource?.Attributes, "service.name");
            foreach (var span in (resource.ScopeSpans ?? []).SelectMany(scope => scope.Spans ?? []))
            {
                take(Convert(span, service));
            }
        }

        var dropped =
            from resource in request.ResourceMetrics ?? []
            from scope in resource.ScopeMetrics ?? []
            from metric in scope.Metrics ?? []
            where metric.Name == ProcessedSpans
            from point in metric.Sum?.DataPoints ?? []
            let errorType = TextOf(point.Attributes, "error.type")
            where errorType.Length > 0
            let attributes = resource.Resource?.Attributes
            select (Counter: $"{TextOf(attributes, "service.name")} {TextOf(attributes, "service.instance.id")} {errorType}",
                Count: point.AsInt ?? (long)(point.AsDouble ?? 0));
        foreach (var (counter, count) in dropped)
        {
            _dropped[counter] = Math.Max(count, _dropped.GetValueOrDefault(counter));
        }
    }

    private static string TextOf(KeyValue[]? attributes, string key) =>
        attributes?.FirstOrDefault(attribute => attribute.Key == key)?.Value?.StringValue ?? "";

    private static Span Convert(OtlpSpan span, string service) => new(
        UInt128.TryParse(span.TraceId, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var traceId) ? traceId : 0,
        SpanIdOf(span.SpanId), SpanIdOf(span.ParentSpanId), service, span.Name ?? "", span.Kind, span.StartTimeUnixNano, span.EndTimeUnixNano,
        AttributesOf(span.Attributes ?? []), span.Links is { Length: > 0 } links ? Array.ConvertAll(links, link => SpanIdOf(link.SpanId)) : []);

    private static ulong SpanIdOf(string? hex) =>
        ulong.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id) ? id : 0;

    private static SpanAttributes AttributesOf(KeyValue[] attributes)
    {
        var found = default(SpanAttributes);
        foreach (var (key, value) in attributes)
        {
            found = key switch
            {
                "pipeline.image.id" => found with { ImageId = value?.StringValue },
                "messaging.message.id" => found with { ImageId = found.ImageId ?? value?.StringValue },
                "pipeline.producer.id" => found with { ProducerId = value?.StringValue },
                "pipeline.batch.size" => found with { BatchSize = (int)(value?.IntValue ?? 0) },
                "pipeline.schedule.lag" => found with { ScheduleLagSeconds = value?.DoubleValue ?? value?.IntValue ?? 0 },
                "error.type" => found with { ErrorType = value?.StringValue },
                _ => found,
            };
        }

        return found;
    }

    private static bool IsBlank(in ReadOnlySequence<byte> line)
    {
        foreach (var segment in line)
        {
            if (segment.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                return false;
            }
        }

        return true;
    }
}
