using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Inference;

/// <summary>
/// The batches between take and store. Runners finish them in any order; offsets are stored in the order in which they
/// were taken, so a stored offset never covers a record that is still open.
/// </summary>
/// <param name="capacity">Most open batches; taking waits beyond that.</param>
internal sealed class BatchLedger(BatchConsumer consumer, int capacity) : IDisposable
{
    private readonly SemaphoreSlim _free = new(capacity);
    private readonly Queue<ImageBatch> _open = new();
    private readonly Lock _lock = new();

    /// <summary>Waits until there is room for one more batch.</summary>
    public void WaitForRoom(CancellationToken stoppingToken) => _free.Wait(stoppingToken);

    public void Add(ImageBatch batch)
    {
        lock (_lock)
        {
            _open.Enqueue(batch);
        }
    }

    /// <summary>Gives back the room that no batch came for.</summary>
    public void Release() => _free.Release();

    /// <summary>One record of the batch is acknowledged; stores what can be stored.</summary>
    public void Finish(ImageBatch batch)
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
    public async Task DrainAsync(CancellationToken giveUp)
    {
        for (var i = 0; i < capacity; i++)
        {
            await _free.WaitAsync(giveUp);
        }

        _free.Release(capacity);
    }

    public void Dispose() => _free.Dispose();
}
