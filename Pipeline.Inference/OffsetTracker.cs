using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Inference;

/// <summary>
/// The batches between consuming and storing their offsets. Runners finish them in any order; offsets are stored in the order in which they
/// were consumed, so a stored offset never covers a record that is still open.
/// </summary>
/// <param name="consumer">Where offsets are stored.</param>
/// <param name="capacity">Most open batches.</param>
internal sealed class OffsetTracker(BatchConsumer consumer, int capacity) : IDisposable
{
    private readonly SemaphoreSlim _free = new(capacity);
    private readonly Queue<OpenBatch> _open = new();
    private readonly Lock _lock = new();

    /// <summary>Opens the next batch, when there is room for one more.</summary>
    /// <param name="consume">Consumes it.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    public OpenBatch Open(Func<ConsumedBatch> consume, CancellationToken cancellationToken)
    {
        _free.Wait(cancellationToken);
        try
        {
            var batch = new OpenBatch(consume());
            lock (_lock)
            {
                _open.Enqueue(batch);
            }
            return batch;
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
            while (_open.TryPeek(out var oldest) && oldest.IsDone)
            {
                consumer.StoreOffsets(oldest.Taken);
                _open.Dequeue();
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
