namespace Pipeline.Latency.Traces;

/// <summary>Puts spans together to images, in whatever order they come.</summary>
/// <param name="topics">What topics are called that have other names than
/// <see cref="SpanTable"/> knows, and what it calls them; null: none has.</param>
internal sealed class TraceAssembler(IReadOnlyDictionary<string, string>? topics = null)
{
    /// <summary>Images that one cell may have: about 4 GB of memory.</summary>
    private const int MaxTraces = 1_000_000;

    private readonly Dictionary<UInt128, ImageTrace> _traces = [];
    private readonly Dictionary<ulong, long> _writes = [];

    public void Add(Span span)
    {
        if (SpanTable.Find(span, topics) is not { } row)
        {
            return;
        }

        if (row.Part == Part.DatabaseWrite)
        {
            _writes[span.SpanId] = span.Start;
            return;
        }

        if (!_traces.TryGetValue(span.TraceId, out var trace))
        {
            if (_traces.Count == MaxTraces)
            {
                throw new ExperimentException(
                    $"The traces hold more than {MaxTraces:N0} images. Measure fewer at a time, or sample them at capture.");
            }

            _traces[span.TraceId] = trace = new ImageTrace();
        }

        trace.Add(row, span);
    }

    /// <summary>The images in the order in which they were due.</summary>
    public AssembledImages Build()
    {
        var samples = new List<Sample>(_traces.Count);
        var headless = 0;
        foreach (var trace in _traces.Values)
        {
            if (trace.ToSample(_writes) is { } sample)
            {
                samples.Add(sample);
            }
            else
            {
                headless++;
            }
        }

        samples.Sort((left, right) => (left[Stamp.Scheduled]!.Value, left.ImageId).CompareTo((right[Stamp.Scheduled]!.Value, right.ImageId)));
        return new AssembledImages(samples, headless);
    }
}

/// <param name="Samples">By the instant at which they were due.</param>
/// <param name="Headless">Traces that do not say which image they are about or when it was due: parts of incomplete ones.</param>
internal sealed record AssembledImages(IReadOnlyList<Sample> Samples, int Headless);
