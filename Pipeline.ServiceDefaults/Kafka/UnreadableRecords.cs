using Confluent.Kafka;
using Pipeline.Contracts;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>
/// Records that the client cannot open, such as compressed ones whose bytes are damaged. It fetches them again and again, so that one would
/// hold its partition for ever; here each is handed on by its place, and the next one is read.
/// </summary>
internal sealed class UnreadableRecords(IConsumer<byte[], byte[]> consumer, TimeProvider time)
{
    // The client tells where the damaged batch begins, however far into it we are.
    private readonly Dictionary<TopicPartition, Offset> _next = [];

    /// <summary>Whether what went wrong is the record, and not the way to it.</summary>
    public static bool Is(ConsumeException exception) =>
        exception.Error.Code is ErrorCode.Local_BadCompression or ErrorCode.Local_BadMsg or ErrorCode.Local_NotImplemented
        && exception.ConsumerRecord is { Offset.IsSpecial: false };

    /// <summary>Steps over one record.</summary>
    /// <returns>Its place, and why it cannot be read; null where the partition has gone to another member meanwhile.</returns>
    public Received? PassOver(ConsumeException damaged)
    {
        var place = damaged.ConsumerRecord.TopicPartitionOffset;
        if (_next.TryGetValue(place.TopicPartition, out var next) && next > place.Offset)
        {
            place = new TopicPartitionOffset(place.TopicPartition, next);
        }

        try
        {
            consumer.Seek(new TopicPartitionOffset(place.TopicPartition, place.Offset + 1));
        }
        catch (KafkaException)
        {
            return null;
        }
        _next[place.TopicPartition] = place.Offset + 1;
        var record = new ConsumeResult<byte[], byte[]> { TopicPartitionOffset = place, Message = new Message<byte[], byte[]> { Headers = [] } };
        return new Received(
            record, time.GetUtcNow(), new Problem(ProblemKind.UnreadableRecord, $"Kafka's client cannot open the record: {damaged.Error.Reason}"));
    }
}
