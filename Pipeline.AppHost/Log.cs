using Microsoft.Extensions.Logging;

/// <summary>What this AppHost adds to the logs of resources and of publishing.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "resource.line", Level = LogLevel.Information, Message = "{Line}")]
    public static partial void Line(this ILogger log, string line);

    [LoggerMessage(EventId = 2, EventName = "resource.error_line", Level = LogLevel.Error, Message = "{Line}")]
    public static partial void ErrorLine(this ILogger log, string line);

    [LoggerMessage(EventId = 3, EventName = "resource.restarted", Level = LogLevel.Warning,
        Message = "Ended with exit code {ExitCode}; starting again")]
    public static partial void Restarting(this ILogger log, int? exitCode);

    [LoggerMessage(EventId = 4, EventName = "publishing.written", Level = LogLevel.Information, Message = "Published to: {Folder}")]
    public static partial void Published(this ILogger log, string folder);
}
