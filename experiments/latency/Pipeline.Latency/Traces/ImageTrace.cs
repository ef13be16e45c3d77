namespace Pipeline.Latency.Traces;

/// <summary>The spans of one image, as they come in, whatever their order.</summary>
internal sealed class ImageTrace
{
    /// <summary>More than an image ever needs; what follows is counted as a repeat and not kept.</summary>
    private const int MaxSpans = 64;

    private static readonly int[] RequiredParts = [.. SpanTable.Rows.Where(row => row.IsRequired).Select(row => (int)row.Part).Distinct()];

    private readonly List<(SpanTable.Row Row, Span Span)> _spans = new(12);

    public bool IsRepeated { get; private set; }

    /// <summary>Adds a span; one that is there already, such as an export sent twice, changes nothing.</summary>
    public void Add(SpanTable.Row row, Span span)
    {
        if (_spans.Exists(known => known.Span.SpanId == span.SpanId))
        {
            return;
        }

        if (_spans.Count == MaxSpans)
        {
            IsRepeated = true;
        }
        else
        {
            _spans.Add((row, span));
        }
    }

    /// <summary>The image; null when no span says which it is or when it was due.</summary>
    /// <param name="writes">Starts of database writes by their span id.</param>
    public Sample? ToSample(IReadOnlyDictionary<ulong, long> writes)
    {
        var first = FirstOfEachPart();
        if (first[(int)Part.Capture] is not { } capture || Attribute(attributes => attributes.ImageId) is not { } imageId)
        {
            return null;
        }

        var sample = new Sample
        {
            ImageId = imageId,
            ProducerId = Attribute(attributes => attributes.ProducerId) ?? "unknown",
            BatchSize = first[(int)Part.Model]?.Attributes.BatchSize ?? 0,
            Flags = FlagsOf(first),
        };
        foreach (var row in SpanTable.Rows)
        {
            if (first[(int)row.Part] is not { } span)
            {
                continue;
            }

            if (row.AtStart is { } atStart)
            {
                sample[atStart] = span.Start;
            }

            if (row.AtEnd is { } atEnd)
            {
                sample[atEnd] = span.End;
            }
        }

        sample[Stamp.Captured] = capture.Start + (long)Math.Round(capture.Attributes.ScheduleLagSeconds * 1e9);
        sample[Stamp.WriteIssued] = WriteIssued(first[(int)Part.StorePrediction], writes);
        return sample;
    }

    // At least once: a part may be taken again after a crash. The first to begin is the one whose answer came first.
    private Span?[] FirstOfEachPart()
    {
        var first = new Span?[Enum.GetValues<Part>().Length];
        foreach (var (row, span) in _spans)
        {
            ref var known = ref first[(int)row.Part];
            if (known is null || (span.Start, span.SpanId).CompareTo((known.Start, known.SpanId)) < 0)
            {
                known = span;
            }
        }

        return first;
    }

    private SampleFlags FlagsOf(Span?[] first)
    {
        var waits = _spans.Count(known => known.Row.Part == Part.StoreWait);
        var repeats = _spans.CountBy(known => known.Row.Part)
            .Any(count => count.Key is not (Part.StoreWait or Part.DatabaseWrite) && count.Value > 1);
        return (IsRepeated || repeats ? SampleFlags.Duplicate : 0)
            | (waits > 0 && Array.TrueForAll(RequiredParts, part => first[part] is not null) ? 0 : SampleFlags.Incomplete)
            | (_spans.Exists(known => known.Span.Attributes.ErrorType is not null) ? SampleFlags.Rejected : 0);
    }

    private long? WriteIssued(Span? store, IReadOnlyDictionary<ulong, long> writes)
    {
        if (store is null)
        {
            return null;
        }

        foreach (var (row, span) in _spans)
        {
            if (row.Part == Part.StoreWait && span.ParentSpanId == store.SpanId)
            {
                return span.End;
            }
        }

        foreach (var linked in store.LinkedSpanIds)
        {
            if (writes.TryGetValue(linked, out var start))
            {
                return start;
            }
        }

        return null;
    }

    private string? Attribute(Func<SpanAttributes, string?> read)
    {
        foreach (var (_, span) in _spans)
        {
            if (read(span.Attributes) is { } value)
            {
                return value;
            }
        }

        return null;
    }
}
