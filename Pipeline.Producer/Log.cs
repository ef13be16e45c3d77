namespace Pipeline.Producer;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "producer.pictures.loaded", Level = LogLevel.Information, Message = "Cameras show {Pictures}")]
    public static partial void PicturesLoaded(this ILogger log, string pictures);

    [LoggerMessage(EventId = 2, EventName = "producer.starting", Level = LogLevel.Information,
        Message = "{Cameras} cameras, {Images} images each (0: endless) at {Rate}/s (0: full speed), noise {Noise}")]
    public static partial void Starting(this ILogger log, int cameras, long images, double rate, double noise);

    [LoggerMessage(EventId = 3, EventName = "producer.report", Level = LogLevel.Information,
        Message = "sent {Sent}, acknowledged {Acknowledged}, failed {Failed}, {Seconds:F2} s, {PerSecond:F0} images/s")]
    public static partial void Report(this ILogger log, long sent, long acknowledged, long failed, double seconds, double perSecond);

    [LoggerMessage(EventId = 4, EventName = "producer.not.drained", Level = LogLevel.Warning,
        Message = "Stopping with {Count} images not acknowledged")]
    public static partial void NotDrained(this ILogger log, long count);

    [LoggerMessage(EventId = 5, EventName = "producer.not.echoed", Level = LogLevel.Warning,
        Message = "{Count} predictions did not come back in time")]
    public static partial void NotEchoed(this ILogger log, long count);

    [LoggerMessage(EventId = 6, EventName = "producer.no-cameras", Level = LogLevel.Information,
        Message = "No camera of its own; POST /images/NAME takes pictures from devices")]
    public static partial void NoCameras(this ILogger log);

    [LoggerMessage(EventId = 7, EventName = "producer.source", Level = LogLevel.Information, Message = "Camera {Source}")]
    public static partial void Source(this ILogger log, string source);

    [LoggerMessage(EventId = 8, EventName = "producer.source.away", Level = LogLevel.Error, Message = "{Source} is waited for: {Problem}")]
    public static partial void SourceAway(this ILogger log, string source, string problem);

    [LoggerMessage(EventId = 9, EventName = "producer.source.back", Level = LogLevel.Information, Message = "{Source} shows pictures again")]
    public static partial void SourceBack(this ILogger log, string source);

    [LoggerMessage(EventId = 10, EventName = "producer.source.passed-over", Level = LogLevel.Warning,
        Message = "{Source}: {Name} is passed over: {Problem}")]
    public static partial void PassedOver(this ILogger log, string source, string name, string problem);
}
