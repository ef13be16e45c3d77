namespace Embedded.Aspire.Dashboard;

/// <summary>Everything the dashboard logs.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "dashboard.apphost.lost", Level = LogLevel.Debug, Message = "The AppHost's resource service is away: {Problem}")]
    public static partial void AppHostLost(this ILogger log, string problem);

    [LoggerMessage(EventId = 10, EventName = "dashboard.otlp.refused", Level = LogLevel.Warning, Message = "A request to {Path} was refused: {Problem}")]
    public static partial void RequestRefused(this ILogger log, string path, string problem);

    [LoggerMessage(EventId = 11, EventName = "dashboard.file.readback", Level = LogLevel.Information,
        Message = "Read {LineCount} lines of {Path} back in {Milliseconds} ms; {DamagedCount} more were damaged")]
    public static partial void FileReadBack(this ILogger log, string path, int lineCount, int damagedCount, long milliseconds);

    [LoggerMessage(EventId = 12, EventName = "dashboard.file.unreadable", Level = LogLevel.Warning, Message = "{Path} cannot be read back: {Problem}")]
    public static partial void FileNotReadBack(this ILogger log, string path, string problem);

    [LoggerMessage(EventId = 13, EventName = "dashboard.file.lost", Level = LogLevel.Warning,
        Message = "{Path} lacks {Count} requests, {TotalCount} since the start; the pages have them: {Problem}")]
    public static partial void RequestsNotWritten(this ILogger log, string path, long count, long totalCount, string problem);
}
