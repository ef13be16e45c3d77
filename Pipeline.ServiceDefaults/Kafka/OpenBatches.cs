namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>
/// The batches between taking and storing their offsets. They are done with in any order; offsets are stored in the order of taking, so a stored
/// offset never covers a record that is still open.
/// </summary>
/// <remarks>For one thread at a time.</remarks>
/// <param name="consumer">Where they are taken from, and offsets are stored.</param>
public sealed class OpenBatches(BatchConsumer consumer)
{
    private readonly Queue<OpenBatch> _open = new();

    public OpenBatch Add(ConsumedBatch taken)
    {
        var batch = new OpenBatch(taken);
        _open.Enqueue(batch);
        return batch;
    }

    /// <summary>Stores the offsets of the oldest one; false where it is still open, or there is none.</summary>
    public bool TryStoreOldest()
    {
        if (!_open.TryPeek(out var oldest) || !oldest.IsDone)
        {
            return false;
        }
        consumer.StoreOffsets(oldest.Taken);
        _open.Dequeue();
        return true;
    }
}
