using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.DbConsumer;

/// <summary>
/// The batches between taking and storing their offsets. Images that wait for their predictions finish late; offsets are stored in the order of
/// taking, so a stored offset never covers a record that is still open.
/// </summary>
internal sealed class OpenBatches(BatchConsumer consumer)
{
    private readonly Queue<OpenBatch> _open = new();

    public OpenBatch Add(ConsumedBatch taken)
    {
        var batch = new OpenBatch(taken);
        _open.Enqueue(batch);
        return batch;
    }

    public void StoreFinished()
    {
        while (_open.TryPeek(out var oldest) && oldest.IsDone)
        {
            consumer.StoreOffsets(oldest.Taken);
            _open.Dequeue();
        }
    }
}
