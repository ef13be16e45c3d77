namespace Pipeline.Inference;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "inference.model.warm", Level = LogLevel.Information, Message = "Model {Model} {Version} is loaded and warm")]
    public static partial void WarmedUp(this ILogger log, string model, string version);

    [LoggerMessage(EventId = 4, EventName = "inference.model.replaced", Level = LogLevel.Information,
        Message = "Model {Before} {BeforeVersion} is replaced by {Model} {Version}, which is warm")]
    public static partial void Replaced(this ILogger log, string before, string beforeVersion, string model, string version);

    [LoggerMessage(EventId = 5, EventName = "inference.model.not.replaced", Level = LogLevel.Warning,
        Message = "Model {Model} {Version} stays in use; its files have changed and do not fit: {Problem}")]
    public static partial void NotReplaced(this ILogger log, string model, string version, string problem);

    [LoggerMessage(EventId = 6, EventName = "inference.replay.begins", Level = LogLevel.Information, Message = "Replays {Images} images, from {From}")]
    public static partial void ReplayBegins(this ILogger log, long images, string from);

    [LoggerMessage(EventId = 7, EventName = "inference.replay.ends", Level = LogLevel.Information, Message = "All of them are classified again")]
    public static partial void ReplayEnds(this ILogger log);

    [LoggerMessage(EventId = 8, EventName = "inference.shadow", Level = LogLevel.Information,
        Message = "Runs in the shadow of another model, on {Percent} % of the images; predictions go to {Topic}")]
    public static partial void InShadow(this ILogger log, double percent, string topic);

    [LoggerMessage(EventId = 9, EventName = "inference.shadow.begins.earlier", Level = LogLevel.Information,
        Message = "What is new to the shadow's group is read from its beginning: {Reason}")]
    public static partial void BeginsEarlier(this ILogger log, string reason);

    [LoggerMessage(EventId = 2, EventName = "inference.stopped", Level = LogLevel.Information, Message = "Stopped; what was taken is published and committed")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(EventId = 3, EventName = "inference.not.drained", Level = LogLevel.Warning,
        Message = "Stopping with results not acknowledged; their images are read again after a restart")]
    public static partial void NotDrained(this ILogger log);
}
