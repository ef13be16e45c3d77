namespace Pipeline.Inference;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "inference.model.warm", Level = LogLevel.Information, Message = "Model {Model} {Version} is loaded and warm")]
    public static partial void WarmedUp(this ILogger log, string model, string version);

    [LoggerMessage(EventId = 2, EventName = "inference.stopped", Level = LogLevel.Information, Message = "Stopped; what was taken is published and committed")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(EventId = 3, EventName = "inference.not.drained", Level = LogLevel.Warning,
        Message = "Stopping with results not acknowledged; their images are read again after a restart")]
    public static partial void NotDrained(this ILogger log);
}
