using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Pipeline.ServiceDefaults.Messaging;

/// <summary>
/// Takes records in batches as large as the backlog: waits for one, then takes what is queued. So batches grow under
/// load, and an idle service answers a single record at once.
/// </summary>
/// <remarks>For one thread at a time, <see cref="StoreOffsets"/> apart.</remarks>
public sealed class BatchConsumer(IConsumer<byte[], byte[]> consumer, ILogger<BatchConsumer> log) : IDisposable
{
    private bool _closed;

    public void Subscribe(params string[] topics) => consumer.Subscribe(topics);

    /// <summary>Blocks until there is a record; then takes what else has arrived, without waiting.</summary>
    /// <param name="maxRecords">Most records to take.</param>
    /// <param name="stopping">Ends the wait.</param>
    /// <returns>At least one record; those of a partition in offset order.</returns>
    /// <exception cref="OperationCanceledException">While waiting for the first.</exception>
    /// <exception cref="ConsumeException">The client cannot go on.</exception>
    public IReadOnlyList<ConsumeResult<byte[], byte[]>> Take(int maxRecords, CancellationToken stopping)
    {
        var first = Next(() => consumer.Consume(stopping));
        while (first is null)
            first = Next(() => consumer.Consume(stopping));
        var batch = new List<ConsumeResult<byte[], byte[]>> { first };
        while (batch.Count < maxRecords && Next(() => consumer.Consume(TimeSpan.Zero)) is { } more)
            batch.Add(more);
        return batch;
    }

    /// <summary>Marks a batch as done: the next commit, within a second or on <see cref="Close"/>, covers it.</summary>
    /// <remarks>
    /// Batches must be stored in the order in which they were taken. A partition that has gone to another member
    /// meanwhile is passed over: that member reads its records again, and everything downstream is keyed by image id.
    /// </remarks>
    public void StoreOffsets(IReadOnlyList<ConsumeResult<byte[], byte[]>> batch)
    {
        var next = new Dictionary<TopicPartition, Offset>();
        foreach (var record in batch)
            next[record.TopicPartition] = record.Offset + 1;
        foreach (var (partition, offset) in next)
        {
            try
            {
                consumer.StoreOffset(new TopicPartitionOffset(partition, offset));
            }
            catch (KafkaException lost) when (lost.Error.Code is ErrorCode.Local_State or ErrorCode.Local_UnknownPartition)
            {
                log.PartitionMoved(partition.Topic, partition.Partition.Value, offset.Value);
            }
        }
    }

    /// <summary>Commits what is stored and leaves the group, so that others take over at once.</summary>
    public void Close()
    {
        if (_closed)
            return;
        _closed = true;
        consumer.Close();
    }

    public void Dispose() => Close();

    /// <summary>One call of the client; a passing trouble, such as a topic not there yet, is logged and counts as nothing read.</summary>
    private ConsumeResult<byte[], byte[]>? Next(Func<ConsumeResult<byte[], byte[]>?> consume)
    {
        try
        {
            return consume();
        }
        catch (ConsumeException trouble) when (!trouble.Error.IsFatal)
        {
            log.ConsumeTrouble(trouble.Error.Code, trouble.Error.Reason);
            return null;
        }
    }
}
