using Microsoft.Extensions.Logging;

namespace Pipeline.ServiceDefaults.Telemetry;

internal static partial class Log
{
    [LoggerMessage(EventId = 20, EventName = "telemetry.spans_dropped", Level = LogLevel.Warning,
        Message = "The file of traces is not complete: spans are dropped ({ErrorType}) {Detail}")]
    public static partial void SpansDropped(this ILogger log, string errorType, string detail);
}
