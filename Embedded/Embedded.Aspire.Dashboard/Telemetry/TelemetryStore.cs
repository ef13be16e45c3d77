namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>
/// The telemetry that was received and is still kept, in memory. Safe to use from several threads: what a query returns never
/// changes afterwards.
/// </summary>
public sealed class TelemetryStore
{
    private const int MaxSharedScopes = 1_000;

    private readonly ResourceTable _resources;
    private readonly Lock _scopesLock = new();
    private readonly HashSet<InstrumentationScope> _scopes = [InstrumentationScope.Unknown];

    public TelemetryStore(TelemetryLimits limits)
    {
        Limits = limits;
        Traces = new(limits);
        Logs = new(limits);
        Metrics = new(limits);
        _resources = new(limits.MaxResourceCount);
        _resources.Removed += resource => Metrics.Clear(resource);
    }

    public TelemetryLimits Limits { get; }

    public TraceStore Traces { get; }

    public LogStore Logs { get; }

    public MetricStore Metrics { get; }

    /// <summary>Who sent something, by display name.</summary>
    public IReadOnlyList<TelemetryResource> Resources => _resources.All();

    /// <summary>The resource with that display name, as in a page's address.</summary>
    public TelemetryResource? FindResource(string displayName) =>
        Resources.FirstOrDefault(resource => string.Equals(resource.DisplayName, displayName, StringComparison.OrdinalIgnoreCase));

    public SignalCounters Counters(Signal signal) => signal switch
    {
        Signal.Traces => Traces.Counters,
        Signal.Metrics => Metrics.Counters,
        _ => Logs.Counters,
    };

    /// <summary>Removes everything of one signal, of all resources or of one.</summary>
    public void Clear(Signal signal, TelemetryResource? resource = null)
    {
        switch (signal)
        {
            case Signal.Traces: Traces.Clear(resource); break;
            case Signal.Metrics: Metrics.Clear(resource); break;
            default: Logs.Clear(resource); break;
        }
    }

    /// <summary>From now on what comes in is counted and not kept, or kept again.</summary>
    public void SetPaused(Signal signal, bool paused, TelemetryResource? resource = null)
    {
        switch (signal)
        {
            case Signal.Traces: Traces.SetPaused(paused, resource); break;
            case Signal.Metrics: Metrics.SetPaused(paused, resource); break;
            default: Logs.SetPaused(paused, resource); break;
        }
    }

    public bool IsPaused(Signal signal, TelemetryResource? resource = null) => signal switch
    {
        Signal.Traces => Traces.IsPaused(resource),
        Signal.Metrics => Metrics.IsPaused(resource),
        _ => Logs.IsPaused(resource),
    };

    /// <summary>Forgets a resource and everything it sent; it comes back when it sends again.</summary>
    public void Remove(TelemetryResource resource)
    {
        foreach (var signal in Enum.GetValues<Signal>()) Clear(signal, resource);
        _resources.Remove(resource);
    }

    /// <summary>The resource that says this of itself: one object for all its telemetry.</summary>
    public TelemetryResource GetResource(Attributes attributes, uint droppedAttributesCount = 0) => _resources.GetOrAdd(attributes, droppedAttributesCount);

    /// <summary>One object for all equal scopes, as long as there are not too many.</summary>
    public InstrumentationScope GetScope(InstrumentationScope scope)
    {
        lock (_scopesLock)
        {
            if (_scopes.TryGetValue(scope, out var known)) return known;
            if (_scopes.Count < MaxSharedScopes) _scopes.Add(scope);
            return scope;
        }
    }
}
