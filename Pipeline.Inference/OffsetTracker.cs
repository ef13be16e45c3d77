using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Inference;

/// <summary>
/// <see cref="OpenBatches"/> for runners, which finish them in any order and on any thread; so many may be open and no more.
/// </summary>
/// <param name="consumer">Where offsets are stored.</param>
/// <param name="capacity">Most open batches.</param>
internal sealed class OffsetTracker(BatchConsumer consumer, int capacity) : IDisposable
{
    private readonly SemaphoreSlim _free = new(capacity);
    private readonly OpenBatches _open = new(consumer);
    private readonly Lock _lock = new();

    /// <summary>Opens the next batch, when there is room for one more.</summary>
    /// <param name="consume">Consumes it.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    public OpenBatch Open(Func<ConsumedBatch> consume, CancellationToken cancellationToken)
    {
        _free.Wait(cancellationToken);
        try
        {
            var taken = consume();
            lock (_lock)
            {
                return _open.Add(taken);
            }
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    /// <summary>One record of the batch is acknowledged; stores what can be stored.</summary>
    public void Finish(OpenBatch batch)
    {
        if (!batch.Finish())
        {
            return;
        }
        // Acknowledgements come from the client's thread and from runners, rarely at once; storing is a local call.
        lock (_lock)
        {
            while (_open.TryStoreOldest())
            {
                _free.Release();
            }
        }
    }

    /// <summary>Waits until no batch is open.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < capacity; i++)
        {
            await _free.WaitAsync(cancellationToken);
        }
        _free.Release(capacity);
    }

    public void Dispose() => _free.Dispose();
}
