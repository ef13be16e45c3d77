using System.Globalization;
using Confluent.Kafka;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>Which record a dead letter tells of. The letter's headers carry it.</summary>
/// <param name="Timestamp">The record's own, in Unix milliseconds: another record stands at the same place in a topic that was made anew.</param>
public readonly record struct DeadLetterOrigin(string Topic, int Partition, long Offset, long Timestamp)
{
    public const string TopicHeader = "dead-letter-topic";
    public const string PartitionHeader = "dead-letter-partition";
    public const string OffsetHeader = "dead-letter-offset";
    public const string TimestampHeader = "dead-letter-timestamp";

    public static DeadLetterOrigin Of(ConsumeResult<byte[], byte[]> record) =>
        new(record.Topic, record.Partition.Value, record.Offset.Value, record.Message.Timestamp.UnixTimestampMs);

    /// <summary>Reads it from a letter; null where its sender did not say.</summary>
    public static DeadLetterOrigin? Read(Headers? letter) =>
        letter.Text(TopicHeader) is { } topic && int.TryParse(letter.Text(PartitionHeader), CultureInfo.InvariantCulture, out var partition)
        && long.TryParse(letter.Text(OffsetHeader), CultureInfo.InvariantCulture, out var offset)
        && long.TryParse(letter.Text(TimestampHeader), CultureInfo.InvariantCulture, out var timestamp)
            ? new(topic, partition, offset, timestamp)
            : null;

    public void Write(Headers letter)
    {
        letter.Set(TopicHeader, Topic);
        letter.Set(PartitionHeader, Partition.ToString(CultureInfo.InvariantCulture));
        letter.Set(OffsetHeader, Offset.ToString(CultureInfo.InvariantCulture));
        letter.Set(TimestampHeader, Timestamp.ToString(CultureInfo.InvariantCulture));
    }
}
