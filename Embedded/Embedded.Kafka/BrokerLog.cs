using Microsoft.Extensions.Logging;

namespace Embedded.Kafka;

/// <summary>Every line this broker logs. Text that a client chose goes through <see cref="ClientText"/>.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(EventId = 1, EventName = "kafka.broker.started", Level = LogLevel.Information,
        Message = "Listening on {Host}, advertised as {AdvertisedHost}, port {Port}; cluster {ClusterId}, data in {DataDirectory}")]
    public static partial void Started(this ILogger log, string host, string advertisedHost, int port, string clusterId, string dataDirectory);

    [LoggerMessage(EventId = 2, EventName = "kafka.broker.stopped", Level = LogLevel.Information, Message = "Stopped; everything is on disk")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(EventId = 3, EventName = "kafka.broker.stopped_unclean", Level = LogLevel.Error,
        Message = "Stopped without a mark of an orderly stop ({Problem}); the next start checks the records")]
    public static partial void StoppedUnclean(this ILogger log, string problem);

    [LoggerMessage(EventId = 10, EventName = "kafka.connection.client", Level = LogLevel.Debug,
        Message = "Client {ClientId} at {Host} is {Name} {Version}")]
    public static partial void ClientIs(this ILogger log, ClientText clientId, string host, ClientText name, ClientText version);

    [LoggerMessage(EventId = 11, EventName = "kafka.connection.refused", Level = LogLevel.Warning,
        Message = "Closed the connection from {Host} (client {ClientId}): {Problem}")]
    public static partial void RequestRefused(this ILogger log, string host, ClientText clientId, string problem);

    [LoggerMessage(EventId = 12, EventName = "kafka.connection.broken", Level = LogLevel.Debug, Message = "Connection from {Host} ended: {Problem}")]
    public static partial void ConnectionBroken(this ILogger log, string host, string problem);

    [LoggerMessage(EventId = 13, EventName = "kafka.handler.failed", Level = LogLevel.Error,
        Message = "{Api} v{Version} from {Host} failed, correlation {CorrelationId}; its connection is closed, nothing was changed")]
    public static partial void HandlerFailed(this ILogger log, Exception exception, string api, short version, string host, int correlationId);

    [LoggerMessage(EventId = 14, EventName = "kafka.connection.limit", Level = LogLevel.Warning,
        Message = "Connection refused: {Count} are open, the limit (max.connections)")]
    public static partial void TooManyConnections(this ILogger log, int count);

    [LoggerMessage(EventId = 20, EventName = "kafka.log.append_failed", Level = LogLevel.Error,
        Message = "Append to {Topic}-{Partition} at offset {Offset} failed; the log is as before")]
    public static partial void AppendFailed(this ILogger log, Exception exception, string topic, int partition, long offset);

    [LoggerMessage(EventId = 21, EventName = "kafka.log.offline", Level = LogLevel.Critical,
        Message = "{Topic}-{Partition} is offline: the disk failed and its content is unknown. Restart the broker to recover what is there")]
    public static partial void PartitionOffline(this ILogger log, Exception exception, string topic, int partition);

    [LoggerMessage(EventId = 22, EventName = "kafka.log.read_failed", Level = LogLevel.Error,
        Message = "Reading {Topic}-{Partition} at offset {Offset} failed")]
    public static partial void ReadFailed(this ILogger log, Exception exception, string topic, int partition, long offset);

    [LoggerMessage(EventId = 23, EventName = "kafka.log.retention", Level = LogLevel.Information,
        Message = "Retention dropped {Segments} segments of {Topic}-{Partition}; it begins at offset {StartOffset} now")]
    public static partial void RetentionApplied(this ILogger log, string topic, int partition, int segments, long startOffset);

    [LoggerMessage(EventId = 32, EventName = "kafka.log.retention_failed", Level = LogLevel.Error,
        Message = "Retention of {Topic}-{Partition} failed; it is tried again")]
    public static partial void RetentionFailed(this ILogger log, Exception exception, string topic, int partition);

    [LoggerMessage(EventId = 24, EventName = "kafka.log.checkpoint_failed", Level = LogLevel.Error,
        Message = "Writing the flush checkpoint failed; it lags now")]
    public static partial void CheckpointFailed(this ILogger log, Exception exception);

    [LoggerMessage(EventId = 25, EventName = "kafka.recovery.truncated", Level = LogLevel.Warning,
        Message = "{Path}: {Bytes} bytes after offset {Offset} were torn by a crash and are cut off; they were never on disk for certain")]
    public static partial void Truncated(this ILogger log, string path, long bytes, long offset);

    [LoggerMessage(EventId = 26, EventName = "kafka.recovery.damaged", Level = LogLevel.Critical,
        Message = "{Path} is damaged at position {Position}, below what was flushed: the partition is offline. --repair cuts it there")]
    public static partial void Damaged(this ILogger log, string path, long position);

    [LoggerMessage(EventId = 27, EventName = "kafka.recovery.done", Level = LogLevel.Information,
        Message = "Recovered {Partitions} partitions of {Topics} topics in {ElapsedMs} ms ({How})")]
    public static partial void Recovered(this ILogger log, int partitions, int topics, long elapsedMs, string how);

    [LoggerMessage(EventId = 28, EventName = "kafka.journal.truncated", Level = LogLevel.Warning,
        Message = "{Path}: a torn entry of {Bytes} bytes is cut off")]
    public static partial void JournalTruncated(this ILogger log, string path, long bytes);

    [LoggerMessage(EventId = 30, EventName = "kafka.topic.created", Level = LogLevel.Information,
        Message = "Topic {Topic} created with {Partitions} partitions")]
    public static partial void TopicCreated(this ILogger log, string topic, int partitions);

    [LoggerMessage(EventId = 31, EventName = "kafka.topic.not_compacted", Level = LogLevel.Warning,
        Message = "Topic {Topic} asks for compaction, which is not built: all its records are kept")]
    public static partial void TopicNotCompacted(this ILogger log, string topic);
}

/// <summary>Text that a client chose, as a log shows it: cut short, control characters escaped.</summary>
internal readonly record struct ClientText(string Text)
{
    private const int MaxCharacters = 64;

    public override string ToString() => string.Concat(Text.Take(MaxCharacters).Select(c => char.IsControl(c) ? '?' : c));
}
