namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>How many spans of a trace a resource has, and how many of them failed.</summary>
public readonly record struct ResourceSpanCount(TelemetryResource Resource, int SpanCount, int ErrorCount);

/// <summary>
/// The spans of one trace that were received so far. It never changes: a trace that grows is a new object, which shares the
/// storage of the old one.
/// </summary>
public sealed class Trace
{
    private readonly Span[] _spans;
    private readonly ulong[] _spanIds;
    private readonly ResourceSpanCount[] _resources;

    // The ids stand side by side, so that looking through all of them costs next to nothing.
    private Trace(TraceId traceId, Span[] spans, ulong[] spanIds, int count, ResourceSpanCount[] resources) =>
        (TraceId, _spans, _spanIds, SpanCount, _resources) = (traceId, spans, spanIds, count, resources);

    public TraceId TraceId { get; }

    public int SpanCount { get; }

    /// <summary>In the order they came in.</summary>
    public IReadOnlyList<Span> Spans => new ArraySegment<Span>(_spans, 0, SpanCount);

    /// <inheritdoc cref="Spans"/>
    public ReadOnlySpan<Span> AsSpan() => _spans.AsSpan(0, SpanCount);

    /// <summary>In the order of their first span.</summary>
    public IReadOnlyList<ResourceSpanCount> Resources => _resources;

    /// <summary>The root; the span that began first where the root has not come in, or where there are several.</summary>
    public required Span First { get; init; }

    public required ulong StartUnixNano { get; init; }
    public required ulong EndUnixNano { get; init; }
    public required int ErrorCount { get; init; }
    public required SpanTypes Types { get; init; }
    public required long EstimatedBytes { get; init; }

    /// <summary>Spans that the limit on spans per trace kept out.</summary>
    public int DroppedSpanCount { get; init; }

    public string Name => First.Name;
    public bool HasErrors => ErrorCount > 0;
    public DateTimeOffset Start => UnixNano.ToTime(StartUnixNano);

    /// <summary>From the first span's start to the last span's end.</summary>
    public TimeSpan Duration => UnixNano.Between(StartUnixNano, EndUnixNano);

    public bool Has(TelemetryResource resource) => Array.Exists(_resources, count => count.Resource.Equals(resource));

    /// <summary>The name of a span or of a resource holds the text, or the trace id begins with it; the case does not matter.</summary>
    public bool Matches(string text)
    {
        for (var index = 0; index < SpanCount; index++)
        {
            if (_spans[index].Name.Contains(text, StringComparison.OrdinalIgnoreCase)) return true;
        }
        return Array.Exists(_resources, count => count.Resource.DisplayName.Contains(text, StringComparison.OrdinalIgnoreCase))
            || TraceId.ToString().StartsWith(text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The span with that id; null when it has not come in.</summary>
    public Span? Find(SpanId spanId) => _spanIds.AsSpan(0, SpanCount).IndexOf(spanId.Value) is >= 0 and var index ? _spans[index] : null;

    /// <summary>A trace of these spans, which share a trace id; see <see cref="With"/>.</summary>
    internal static Trace Of(ReadOnlySpan<Span> spans, int maxSpanCount = int.MaxValue) => new Trace(spans[0].TraceId, [], [], 0, [])
    {
        First = spans[0],
        StartUnixNano = ulong.MaxValue,
        EndUnixNano = 0,
        ErrorCount = 0,
        Types = SpanTypes.None,
        EstimatedBytes = 200,
    }.With(spans, maxSpanCount);

    /// <summary>
    /// This trace and more spans of it, except those that it has (they were sent again) and those beyond a limit, which it counts.
    /// Only the newest object of a trace may grow: its storage goes on where it ends.
    /// </summary>
    internal Trace With(ReadOnlySpan<Span> more, int maxSpanCount = int.MaxValue)
    {
        var (spans, ids, count, dropped) = (_spans, _spanIds, SpanCount, 0);
        var (first, start, end, errors, types, bytes) = (First, StartUnixNano, EndUnixNano, ErrorCount, Types, EstimatedBytes);
        var resources = _resources.ToList();
        foreach (var span in more)
        {
            if (ids.AsSpan(0, count).Contains(span.SpanId.Value)) continue;
            if (count >= maxSpanCount)
            {
                dropped++;
                continue;
            }
            if (count == spans.Length)
            {
                var length = Math.Max(count + more.Length, count < 8 ? 0 : count * 2);
                Array.Resize(ref spans, length);
                Array.Resize(ref ids, length);
            }
            (spans[count], ids[count]) = (span, span.SpanId.Value);
            count++;
            if (IsBefore(span, first)) first = span;
            start = Math.Min(start, span.StartUnixNano);
            end = Math.Max(end, span.EndUnixNano);
            errors += span.IsError ? 1 : 0;
            types |= span.Type;
            bytes += span.EstimatedBytes;
            Count(resources, span);
        }
        return new Trace(TraceId, spans, ids, count, [.. resources])
        {
            First = first,
            StartUnixNano = start,
            EndUnixNano = end,
            ErrorCount = errors,
            Types = types,
            EstimatedBytes = bytes,
            DroppedSpanCount = DroppedSpanCount + dropped,
        };
    }

    private static bool IsBefore(Span one, Span other) => one.ParentSpanId.IsEmpty == other.ParentSpanId.IsEmpty
        ? one.StartUnixNano < other.StartUnixNano
        : one.ParentSpanId.IsEmpty;

    private static void Count(List<ResourceSpanCount> counts, Span span)
    {
        var index = counts.FindIndex(count => count.Resource.Equals(span.Resource));
        if (index < 0)
        {
            index = counts.Count;
            counts.Add(new(span.Resource, 0, 0));
        }
        counts[index] = counts[index] with { SpanCount = counts[index].SpanCount + 1, ErrorCount = counts[index].ErrorCount + (span.IsError ? 1 : 0) };
    }
}
