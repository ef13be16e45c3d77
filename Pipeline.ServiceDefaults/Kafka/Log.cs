using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Pipeline.Contracts;

namespace Pipeline.ServiceDefaults.Kafka;

internal static partial class Log
{
    [LoggerMessage(EventId = 10, EventName = "kafka.partition.moved", Level = LogLevel.Information,
        Message = "{Topic} {Partition} went to another member before offset {Offset} was stored; it will be read again there")]
    public static partial void PartitionMoved(this ILogger log, string topic, int partition, long offset);

    [LoggerMessage(EventId = 11, EventName = "kafka.consume.trouble", Level = LogLevel.Warning, Message = "Consuming goes on after {Code}: {Reason}")]
    public static partial void ConsumeTrouble(this ILogger log, ErrorCode code, string reason);

    [LoggerMessage(EventId = 12, EventName = "kafka.record.rejected", Level = LogLevel.Warning,
        Message = "{Topic} {Partition} {Offset} sent to the dead-letter topic: {Kind}: {Problem}")]
    public static partial void RecordRejected(this ILogger log, string topic, int partition, long offset, ProblemKind kind, string problem);

    [LoggerMessage(EventId = 16, EventName = "kafka.record.rejected-before", Level = LogLevel.Information,
        Message = "{Topic} {Partition} {Offset} is in the dead-letter topic already")]
    public static partial void RecordRejectedBefore(this ILogger log, string topic, int partition, long offset);

    [LoggerMessage(EventId = 17, EventName = "kafka.letters.not-read-back", Level = LogLevel.Warning,
        Message = "Kafka does not allow reading the dead-letter topic ({Reason}): after a crash a letter may come twice")]
    public static partial void LettersNotReadBack(this ILogger log, string reason);

    [LoggerMessage(EventId = 13, EventName = "kafka.topic.created", Level = LogLevel.Information,
        Message = "Topic {Topic} created with {Partitions} partitions")]
    public static partial void TopicCreated(this ILogger log, string topic, int partitions);

    [LoggerMessage(EventId = 15, EventName = "kafka.topic.too-small", Level = LogLevel.Error,
        Message = "Topic {Topic} has {Count} of the {Wanted} partitions it is made for, so fewer replicas can share the work; kafka-topics --alter --topic {Topic} --partitions {Wanted} adds them")]
    public static partial void TopicTooSmall(this ILogger log, string topic, int count, int wanted);

    [LoggerMessage(EventId = 14, EventName = "kafka.client.trouble", Level = LogLevel.Warning,
        Message = "The Kafka client retries after {Code}: {Reason}")]
    public static partial void ClientTrouble(this ILogger log, ErrorCode code, string reason);
}
