namespace Pipeline.Analytics;

/// <summary>
/// A value that costs something to compute and that many ask for. Whoever asks when it is old computes it, once for all who ask
/// meanwhile; how old it may get grows with what it costs, so that no number of readers loads what is behind it.
/// </summary>
internal sealed class Cached<T>(Func<CancellationToken, Task<T>> compute, TimeProvider time, CancellationToken stoppingToken) : IDisposable
{
    /// <summary>Younger than this, a value is always good enough.</summary>
    public static readonly TimeSpan MinAge = TimeSpan.FromMilliseconds(500);

    /// <summary>At most this share of the time goes into computing.</summary>
    public const double MaxDuty = 0.1;

    private readonly SemaphoreSlim _computing = new(1);
    private Entry? _entry;

    // A failure is kept for a moment too: a store that is down is not asked by every reader. No longer, however long it took to fail:
    // that was waiting and no load, and a store that is back is worth knowing.
    private sealed record Entry(Task<T> Outcome, long GoodUntil);

    private Entry? Fresh => Volatile.Read(ref _entry) is { } entry && time.GetTimestamp() < entry.GoodUntil ? entry : null;

    public async Task<T> GetAsync(CancellationToken cancellationToken)
    {
        if (Fresh is { } fresh)
        {
            return await fresh.Outcome;
        }
        await _computing.WaitAsync(cancellationToken);
        try
        {
            return await (Fresh ?? await RefreshAsync()).Outcome;
        }
        finally
        {
            _computing.Release();
        }
    }

    public void Dispose() => _computing.Dispose();

    private async Task<Entry> RefreshAsync()
    {
        var startedAt = time.GetTimestamp();
        var outcome = ComputeAsync();
        await ((Task)outcome).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var cost = time.GetElapsedTime(startedAt);

        var goodFor = outcome.IsCompletedSuccessfully ? Math.Max(MinAge.TotalSeconds, cost.TotalSeconds * (1 / MaxDuty - 1)) : MinAge.TotalSeconds;
        var entry = new Entry(outcome, time.GetTimestamp() + (long)(goodFor * time.TimestampFrequency));
        Volatile.Write(ref _entry, entry);
        return entry;
    }

    // Not the caller's token: when one browser leaves, the others still want the value.
    private async Task<T> ComputeAsync() => await compute(stoppingToken);
}
