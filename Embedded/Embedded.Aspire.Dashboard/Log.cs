namespace Embedded.Aspire.Dashboard;

/// <summary>Everything the dashboard logs.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "dashboard.apphost.lost", Level = LogLevel.Debug, Message = "The AppHost's resource service is away: {Problem}")]
    public static partial void AppHostLost(this ILogger log, string problem);
}
