using Confluent.Kafka;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>Reads what has come to topics since it last looked. Where that is much, the latest alone.</summary>
/// <remarks>One reader at a time, and nobody else consumes with the consumer. It joins no group and tells where partitions end.</remarks>
/// <param name="consumer">See <see cref="KafkaSettings.ReadTails"/>.</param>
/// <typeparam name="TValue"><see cref="Ignore"/> for who looks at headers alone.</typeparam>
/// <param name="maxRecords">Most records of a partition that are read at a time.</param>
public sealed class TopicTail<TValue>(IConsumer<byte[], TValue> consumer, int maxRecords)
{
    private readonly Dictionary<TopicPartition, long> _next = [];

    /// <summary>Blocks the thread until all of it is read, however long the broker is away.</summary>
    /// <param name="ends">The partitions to read, and the offsets up to which.</param>
    /// <param name="take">Is given each record. After an exception the next call goes on where this one was.</param>
    /// <exception cref="KafkaException">The broker does not give them.</exception>
    public void Read(IReadOnlyDictionary<TopicPartition, long> ends, Action<ConsumeResult<byte[], TValue>> take, CancellationToken cancellationToken)
    {
        foreach (var (partition, end) in ends)
        {
            var next = _next.GetValueOrDefault(partition);
            _next[partition] = Math.Max(next > end ? 0 : next, end - maxRecords);      // a topic that was made anew ends earlier
        }

        var open = ends.Where(end => _next[end.Key] < end.Value).Select(end => end.Key).ToHashSet();
        if (open.Count == 0)
        {
            return;
        }

        consumer.Assign(open.Select(partition => new TopicPartitionOffset(partition, _next[partition])));
        try
        {
            while (open.Count > 0)
            {
                var (partition, isEnd) = Next(take, cancellationToken);
                if (isEnd || _next[partition] >= ends[partition])
                {
                    open.Remove(partition);
                }
            }
        }
        finally
        {
            consumer.Unassign();
        }
    }

    /// <summary>Need not read what its reader has written itself, where that comes next.</summary>
    public void Skip(TopicPartitionOffset own)
    {
        if (_next.GetValueOrDefault(own.TopicPartition) == own.Offset.Value)
        {
            _next[own.TopicPartition] = own.Offset.Value + 1;
        }
    }

    private (TopicPartition Partition, bool IsEnd) Next(Action<ConsumeResult<byte[], TValue>> take, CancellationToken cancellationToken)
    {
        try
        {
            var record = consumer.Consume(cancellationToken);
            if (!record.IsPartitionEOF)
            {
                take(record);
                _next[record.TopicPartition] = record.Offset.Value + 1;
            }
            return (record.TopicPartition, record.IsPartitionEOF);
        }
        catch (ConsumeException damaged) when (UnreadableRecords.Is(damaged))
        {
            var partition = damaged.ConsumerRecord.TopicPartition;                      // told is where the damaged batch begins
            var next = Math.Max(_next[partition], damaged.ConsumerRecord.Offset.Value) + 1;
            consumer.Seek(new TopicPartitionOffset(partition, next));
            _next[partition] = next;
            return (partition, IsEnd: false);
        }
    }
}
