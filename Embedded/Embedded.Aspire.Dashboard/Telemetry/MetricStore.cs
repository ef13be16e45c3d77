using System.Runtime.InteropServices;

namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>Resource → meter → instrument → attributes → the newest points.</summary>
public sealed class MetricStore
{
    // What is freed when the memory limit is reached: the oldest tenth of every set of points.
    private const int TrimShare = 10;

    private readonly TelemetryLimits _limits;
    private readonly SignalState _state = new();
    private readonly Dictionary<TelemetryResource, Dictionary<(string Meter, string Name), InstrumentPoints>> _resources = [];
    private long _bytes;
    private long _kept;

    internal MetricStore(TelemetryLimits limits) => _limits = limits;

    /// <summary>Grows with every change.</summary>
    public long Version => _state.Version;

    public SignalCounters Counters
    {
        get { lock (_state.Lock) return _state.Counters(_kept); }
    }

    /// <summary>Completes when something changed since that version; the new version.</summary>
    public Task<long> WaitForChangeAsync(long seenVersion, CancellationToken cancellation) => _state.WaitAsync(seenVersion, cancellation);

    public AddResult Add(IReadOnlyList<ReceivedMetric> metrics)
    {
        if (metrics.Count == 0) return AddResult.AllKept;
        lock (_state.Lock)
        {
            var (rejected, problem) = (0, (string?)null);
            foreach (var metric in metrics)
            {
                _state.Received += metric.Points.Count;
                if (_state.IsPaused(metric.Instrument.Resource))
                {
                    _state.Ignored += metric.Points.Count;
                }
                else if (GetOrAdd(metric.Instrument) is { } instrument)
                {
                    rejected += Add(instrument, metric.Points, ref problem);
                }
                else
                {
                    rejected += metric.Points.Count;
                    problem = $"a resource has at most {_limits.MaxInstrumentsPerResource} instruments (MaxInstrumentsPerResource)";
                }
            }
            if (_bytes > _limits.MaxBytesPerSignal) Trim();
            _state.Rejected += rejected;
            _state.Changed();
            return new(rejected, problem);
        }
    }

    /// <summary>The instruments of a resource (or of all), by meter and name.</summary>
    public IReadOnlyList<Instrument> Instruments(TelemetryResource? resource = null)
    {
        lock (_state.Lock)
        {
            return [.. _resources.Where(pair => resource is null || pair.Key.Equals(resource))
                .SelectMany(pair => pair.Value.Values)
                .Select(points => points.Instrument)
                .OrderBy(instrument => instrument.Scope.Name, StringComparer.Ordinal)
                .ThenBy(instrument => instrument.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>An instrument's points in a window of time, both ends included; nothing where the instrument is not known.</summary>
    public MetricSeries? Series(TelemetryResource resource, string meter, string instrument, ulong fromUnixNano = 0, ulong toUnixNano = ulong.MaxValue)
    {
        lock (_state.Lock)
        {
            if (!_resources.TryGetValue(resource, out var instruments) || !instruments.TryGetValue((meter, instrument), out var points)) return null;
            return new(points.Instrument,
                [.. points.Dimensions.Select(pair => new MetricDimension(pair.Key, Window(pair.Value, fromUnixNano, toUnixNano)))],
                points.DroppedDimensionCount);
        }
    }

    /// <summary>Removes all points, or those of the resource.</summary>
    public void Clear(TelemetryResource? resource = null)
    {
        lock (_state.Lock)
        {
            foreach (var (key, instruments) in _resources.Where(pair => resource is null || pair.Key.Equals(resource)).ToList())
            {
                foreach (var points in instruments.Values.SelectMany(instrument => instrument.Dimensions.Values))
                {
                    while (points.Count > 0) EvictOldest(points);
                }
                _resources.Remove(key);
            }
            _state.Changed();
        }
    }

    /// <summary>Points that come in while paused, of one resource or of all, are counted and not kept.</summary>
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

    private InstrumentPoints? GetOrAdd(Instrument instrument)
    {
        ref var instruments = ref CollectionsMarshal.GetValueRefOrAddDefault(_resources, instrument.Resource, out _);
        instruments ??= [];
        var key = (instrument.Scope.Name, instrument.Name);
        if (instruments.TryGetValue(key, out var points))
        {
            if (points.Instrument.Kind == instrument.Kind)
            {
                points.Instrument = instrument;
                return points;
            }
            // A new program gave the name to another kind of instrument; old points would make no sense beside new ones.
            foreach (var dimension in points.Dimensions.Values)
            {
                while (dimension.Count > 0) EvictOldest(dimension);
            }
        }
        else if (instruments.Count >= _limits.MaxInstrumentsPerResource)
        {
            return null;
        }
        return instruments[key] = new InstrumentPoints { Instrument = instrument };
    }

    private int Add(InstrumentPoints instrument, IReadOnlyList<ReceivedPoint> received, ref string? problem)
    {
        var rejected = 0;
        foreach (var (attributes, point) in received)
        {
            var key = attributes.Sorted();
            if (!instrument.Dimensions.TryGetValue(key, out var points))
            {
                if (instrument.Dimensions.Count >= _limits.MaxDimensionsPerInstrument)
                {
                    rejected++;
                    instrument.DroppedDimensionCount++;
                    problem = $"an instrument has at most {_limits.MaxDimensionsPerInstrument} sets of attributes (MaxDimensionsPerInstrument)";
                    continue;
                }
                instrument.Dimensions.Add(key, points = new(_limits.MaxMetricsCount));
            }

            if (points.IsFull) EvictOldest(points);
            var shared = points.Count > 0 ? ShareBounds(point, points[points.Next - 1]) : point;
            points.Add(shared);
            _bytes += shared.EstimatedBytes;
            _kept++;
        }
        return rejected;
    }

    // An instrument's bounds hardly ever change; ten of sixteen numbers of a point are saved.
    private static MetricPoint ShareBounds(MetricPoint point, MetricPoint before) =>
        point is HistogramPoint histogram && before is HistogramPoint earlier && !ReferenceEquals(histogram.ExplicitBounds, earlier.ExplicitBounds)
            && histogram.ExplicitBounds.SequenceEqual(earlier.ExplicitBounds)
            ? histogram with { ExplicitBounds = earlier.ExplicitBounds }
            : point;

    // Points come in the order of time; should a sender's clock have jumped, what is out of order is still found by its neighbours.
    private static MetricPoint[] Window(Ring<MetricPoint> points, ulong from, ulong to)
    {
        var (low, high) = (points.First, points.Next);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (points[middle].TimeUnixNano < from) low = middle + 1;
            else high = middle;
        }
        var window = points.ToArray(low);
        return window is [] || window[^1].TimeUnixNano <= to ? window : Array.FindAll(window, point => point.TimeUnixNano <= to);
    }

    private void Trim()
    {
        foreach (var points in _resources.Values.SelectMany(instruments => instruments.Values).SelectMany(instrument => instrument.Dimensions.Values))
        {
            for (var count = (points.Count + TrimShare - 1) / TrimShare; count > 0; count--) EvictOldest(points);
        }
    }

    private void EvictOldest(Ring<MetricPoint> points)
    {
        _bytes -= points.RemoveFirst().EstimatedBytes;
        _kept--;
        _state.Evicted++;
    }

    private sealed class InstrumentPoints
    {
        public required Instrument Instrument { get; set; }
        public Dictionary<Attributes, Ring<MetricPoint>> Dimensions { get; } = [];
        public long DroppedDimensionCount { get; set; }
    }
}
