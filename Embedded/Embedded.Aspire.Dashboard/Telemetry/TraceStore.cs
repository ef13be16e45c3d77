using System.Runtime.InteropServices;

namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>
/// The newest traces, and an index of them by id. A trace finds its spans, also those that were sent twice.
/// </summary>
public sealed class TraceStore
{
    /// <summary>Lists kept for the next request: about as many as it has traces, and none that one large trace has made long.</summary>
    private const int MaxEmptyLists = 4_096, MaxEmptyCapacity = 64;

    private readonly TelemetryLimits _limits;
    private readonly SignalState _state = new();
    private readonly Dictionary<TraceId, long> _numbers = [];
    private readonly Dictionary<TraceId, List<Span>> _incoming = [];
    private readonly Stack<List<Span>> _emptyLists = [];
    private Ring<Trace> _traces;
    private long _bytes;
    private long _spanCount;

    internal TraceStore(TelemetryLimits limits) => (_limits, _traces) = (limits, new(limits.MaxTraceCount));

    /// <summary>Grows with every change.</summary>
    public long Version => _state.Version;

    public SignalCounters Counters
    {
        get { lock (_state.Lock) return _state.Counters(_spanCount); }
    }

    /// <summary>Completes when something changed since that version; the new version.</summary>
    public Task<long> WaitForChangeAsync(long seenVersion, CancellationToken cancellation) => _state.WaitAsync(seenVersion, cancellation);

    public int TraceCount
    {
        get { lock (_state.Lock) return _traces.Count; }
    }

    /// <summary>Keeps new spans. A span that is known (same trace and span id) is counted and left as it is: it was sent again.</summary>
    public AddResult Add(IReadOnlyList<Span> spans)
    {
        if (spans.Count == 0) return AddResult.AllKept;
        lock (_state.Lock)
        {
            _state.Received += spans.Count;
            foreach (var span in spans)
            {
                if (_state.IsPaused(span.Resource))
                {
                    _state.Ignored++;
                    continue;
                }
                ref var ofTrace = ref CollectionsMarshal.GetValueRefOrAddDefault(_incoming, span.TraceId, out _);
                ofTrace ??= _emptyLists.TryPop(out var empty) ? empty : [];
                ofTrace.Add(span);
            }

            var rejected = 0;
            foreach (var (traceId, ofTrace) in _incoming)
            {
                rejected += Grow(traceId, CollectionsMarshal.AsSpan(ofTrace));
                ofTrace.Clear();
                if (_emptyLists.Count < MaxEmptyLists && ofTrace.Capacity <= MaxEmptyCapacity) _emptyLists.Push(ofTrace);
            }
            _incoming.Clear();
            while (_bytes > _limits.MaxBytesPerSignal && _traces.Count > 1) EvictOldest();
            _state.Rejected += rejected;
            _state.Changed();
            return rejected == 0 ? AddResult.AllKept : new(rejected, $"a trace holds at most {_limits.MaxSpansPerTrace} spans (MaxSpansPerTrace)");
        }
    }

    /// <summary>The traces that match, those that started last first.</summary>
    public QueryPage<Trace> Query(TraceQuery query)
    {
        var traces = Snapshot();
        var count = 0;
        foreach (var trace in traces)
        {
            if (query.Matches(trace)) traces[count++] = trace;
        }

        var starts = new ulong[count];
        for (var index = 0; index < count; index++) starts[index] = ~traces[index].StartUnixNano;
        Array.Sort(starts, traces, 0, count);
        var from = Math.Clamp(query.Skip, 0, count);
        return new(traces[from..Math.Min(count, from + Math.Max(0, query.Take))], count);
    }

    public Trace? Find(TraceId traceId)
    {
        lock (_state.Lock) return _numbers.TryGetValue(traceId, out var number) ? _traces[number] : null;
    }

    /// <summary>The span that a link or an exemplar names, if it is still here.</summary>
    public Span? Find(TraceId traceId, SpanId spanId)
    {
        return Find(traceId)?.Find(spanId);
    }

    /// <summary>
    /// The spans that link to that span, those that started last first. Every span is looked at: pages ask this seldom, and an
    /// index would cost each link more than all the rest of its span.
    /// </summary>
    public IReadOnlyList<Span> Backlinks(TraceId traceId, SpanId spanId)
    {
        var spans = new List<Span>();
        foreach (var trace in Snapshot())
        {
            foreach (var span in trace.AsSpan())
            {
                if (LinksTo(span)) spans.Add(span);
            }
        }
        spans.Sort((one, other) => other.StartUnixNano.CompareTo(one.StartUnixNano));
        return spans;

        bool LinksTo(Span span)
        {
            foreach (ref readonly var link in span.Links.AsSpan())
            {
                if (link.SpanId == spanId && link.TraceId == traceId) return true;
            }
            return false;
        }
    }

    /// <summary>All traces, oldest arrival first.</summary>
    public Trace[] Snapshot()
    {
        lock (_state.Lock) return _traces.ToArray();
    }

    /// <summary>Failed spans by resource, among those kept.</summary>
    public IReadOnlyDictionary<TelemetryResource, int> ErrorCounts() => Snapshot()
        .Where(trace => trace.HasErrors)
        .SelectMany(trace => trace.Resources)
        .Where(count => count.ErrorCount > 0)
        .GroupBy(count => count.Resource)
        .ToDictionary(group => group.Key, group => group.Sum(count => count.ErrorCount));

    /// <summary>Removes every trace, or those that have a span of the resource.</summary>
    public void Clear(TelemetryResource? resource = null)
    {
        lock (_state.Lock)
        {
            var all = _traces.ToArray();
            _traces = new(_limits.MaxTraceCount);
            _numbers.Clear();
            foreach (var trace in all)
            {
                if (resource is null || trace.Has(resource))
                {
                    Forget(trace);
                }
                else
                {
                    _numbers[trace.TraceId] = _traces.Add(trace);
                }
            }
            _state.Changed();
        }
    }

    /// <summary>Spans that come in while paused, of one resource or of all, are counted and not kept.</summary>
    public void SetPaused(bool paused, TelemetryResource? resource = null)
    {
        lock (_state.Lock)
        {
            _state.SetPaused(resource, paused);
            _state.Changed();
        }
    }

    public bool IsPaused(TelemetryResource? resource = null)
    {
        lock (_state.Lock) return _state.IsPaused(resource);
    }

    /// <summary>Adds spans that share a trace; how many the limit kept out.</summary>
    private int Grow(TraceId traceId, ReadOnlySpan<Span> spans)
    {
        var before = _numbers.TryGetValue(traceId, out var number) ? _traces[number] : null;
        if (before is null && _traces.IsFull) EvictOldest();
        var trace = before?.With(spans, _limits.MaxSpansPerTrace) ?? Trace.Of(spans, _limits.MaxSpansPerTrace);
        if (before is null) _numbers[traceId] = _traces.Add(trace);
        else _traces[number] = trace;

        var added = trace.SpanCount - (before?.SpanCount ?? 0);
        var rejected = trace.DroppedSpanCount - (before?.DroppedSpanCount ?? 0);
        _bytes += trace.EstimatedBytes - (before?.EstimatedBytes ?? 0);
        _spanCount += added;
        _state.Duplicates += spans.Length - added - rejected;
        return rejected;
    }

    private void EvictOldest()
    {
        var trace = _traces.RemoveFirst();
        _numbers.Remove(trace.TraceId);
        Forget(trace);
    }

    private void Forget(Trace trace)
    {
        _bytes -= trace.EstimatedBytes;
        _state.Evicted += trace.SpanCount;
        _spanCount -= trace.SpanCount;
    }
}
