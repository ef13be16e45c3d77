namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>What the stores of the three signals have in common: a lock, counters, a version to wait for, pausing.</summary>
internal sealed class SignalState
{
    private readonly HashSet<TelemetryResource> _pausedResources = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _allPaused;

    // All but Lock, Version and WaitAsync are used under the lock.
    public Lock Lock { get; } = new();
    public long Received;
    public long Evicted;
    public long Rejected;
    public long Duplicates;
    public long Ignored;

    public long Version { get; private set; }

    public void Changed()
    {
        Version++;
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    /// <summary>Completes when the version is another than the one seen; the new version.</summary>
    public async Task<long> WaitAsync(long seen, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (Lock)
            {
                if (Version != seen) return Version;
                changed = _changed.Task;
            }
            await changed.WaitAsync(cancellation);
        }
    }

    public bool IsPaused(TelemetryResource? resource) => _allPaused || (resource is not null && _pausedResources.Contains(resource));

    public void SetPaused(TelemetryResource? resource, bool paused)
    {
        if (resource is null)
        {
            _allPaused = paused;
            if (!paused) _pausedResources.Clear();
        }
        else if (paused)
        {
            _pausedResources.Add(resource);
        }
        else
        {
            _pausedResources.Remove(resource);
        }
    }

    public SignalCounters Counters(long kept) => new(Received, kept, Evicted, Rejected, Duplicates, Ignored);
}
