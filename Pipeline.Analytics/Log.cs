namespace Pipeline.Analytics;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "analytics.source.away", Level = LogLevel.Warning, Message = "{Source} does not answer: {Problem}")]
    public static partial void SourceAway(this ILogger log, string source, string problem);
}
