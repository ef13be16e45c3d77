using Confluent.Kafka;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Analytics;

/// <summary>Reads dead letters, and single records by their place. The only user of its consumer, which joins no group; one reads at a time.</summary>
internal sealed class RecordReader(IConsumer<byte[], byte[]> consumer)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly TopicTail<byte[]> _tail = new(consumer, DeadLetterTail.MaxLetters);

    /// <summary>What came to topics since the last call, as <see cref="TopicTail{TValue}.Read"/>.</summary>
    public void ReadTail(IReadOnlyDictionary<TopicPartition, long> ends, Action<ConsumeResult<byte[], byte[]>> take, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _tail.Read(ends, take, cancellationToken);
        }
    }

    /// <summary>One record; null where there is none, or none that the client can open. Blocks the thread.</summary>
    /// <exception cref="KafkaException">The broker did not answer in time.</exception>
    public ConsumeResult<byte[], byte[]>? Read(TopicPartitionOffset place)
    {
        lock (_lock)
        {
            consumer.Assign(place);
            try
            {
                var record = consumer.Consume(AnswerWithin) ?? throw new KafkaException(ErrorCode.Local_TimedOut);
                return !record.IsPartitionEOF && record.Offset == place.Offset ? record : null;     // what retention has removed is followed by another one
            }
            catch (ConsumeException damaged) when (damaged.ConsumerRecord is { Offset.IsSpecial: false })
            {
                return null;
            }
            finally
            {
                consumer.Unassign();
            }
        }
    }
}
