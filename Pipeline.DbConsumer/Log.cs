namespace Pipeline.DbConsumer;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "db-consumer.stopping", Level = LogLevel.Information, Message = "Stopping; what is not stored yet stays in Kafka")]
    public static partial void Stopping(this ILogger log);

    [LoggerMessage(EventId = 2, EventName = "db-consumer.batch.stored", Level = LogLevel.Debug, Message = "Stored {ImageCount} images and {ResultCount} results")]
    public static partial void BatchStored(this ILogger log, int imageCount, int resultCount);

    [LoggerMessage(EventId = 3, EventName = "db-consumer.image.skipped", Level = LogLevel.Debug,
        Message = "{Topic} {Partition} {Offset} cannot be read, and inference reports it: {Problem}")]
    public static partial void ImageSkipped(this ILogger log, string topic, int partition, long offset, string problem);

    [LoggerMessage(EventId = 4, EventName = "db-consumer.images.repeated", Level = LogLevel.Information,
        Message = "{Count} images came again unchanged; they were stored before, and nothing was done")]
    public static partial void ImagesRepeated(this ILogger log, int count);

    [LoggerMessage(EventId = 5, EventName = "db-consumer.store.away", Level = LogLevel.Warning, Message = "The store took no write, trying again: {Problem}")]
    public static partial void StoreAway(this ILogger log, string problem);

    [LoggerMessage(EventId = 6, EventName = "db-consumer.images.renamed", Level = LogLevel.Warning,
        Message = "{Count} images had the id of another image; they are stored under ids of their own, ID~DIGEST. Does a camera count from 1 again?")]
    public static partial void ImagesRenamed(this ILogger log, int count);

    [LoggerMessage(EventId = 7, EventName = "db-consumer.truths.stored", Level = LogLevel.Debug, Message = "Stored {Count} truths that were given later")]
    public static partial void TruthsStored(this ILogger log, int count);

    [LoggerMessage(EventId = 8, EventName = "db-consumer.pictures.removed", Level = LogLevel.Information,
        Message = "{Count} pictures were older than they are kept; their documents stay")]
    public static partial void PicturesRemoved(this ILogger log, long count);

    [LoggerMessage(EventId = 9, EventName = "db-consumer.shadow.failed", Level = LogLevel.Error,
        Message = "The shadow's predictions are not stored until the next start; all else goes on")]
    public static partial void ShadowFailed(this ILogger log, Exception failure);

    [LoggerMessage(EventId = 10, EventName = "db-consumer.shadow.skipped", Level = LogLevel.Warning,
        Message = "{Topic} {Partition} {Offset} is no prediction of a shadow: {Problem}")]
    public static partial void ShadowSkipped(this ILogger log, string topic, int partition, long offset, string problem);

    [LoggerMessage(EventId = 11, EventName = "db-consumer.shadow.without.image", Level = LogLevel.Warning,
        Message = "{Count} predictions of the shadow are of images that are not stored, {ImageId} among them; they are passed over")]
    public static partial void ShadowsWithoutImage(this ILogger log, int count, string imageId);

    [LoggerMessage(EventId = 12, EventName = "db-consumer.shadow.refused", Level = LogLevel.Warning,
        Message = "MongoDB does not take {Count} predictions of the shadow: {Problem}")]
    public static partial void ShadowsRefused(this ILogger log, int count, string problem);
}
