using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace Embedded.Aspire.Running;

/// <summary>Everything the host logs about itself; people read ConsoleVoice instead.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "apphost.resource.line", Message = "{Line}")]
    public static partial void ResourceLine(this ILogger log, LogLevel level, string line);

    [LoggerMessage(EventId = 2, EventName = "apphost.resource.note", Level = LogLevel.Information, Message = "{Note}")]
    public static partial void Note(this ILogger log, string note);

    [LoggerMessage(EventId = 3, EventName = "apphost.resource.waiting", Level = LogLevel.Information, Message = "Waiting for {Dependency} ({What})")]
    public static partial void WaitingFor(this ILogger log, string dependency, WaitType what);

    [LoggerMessage(EventId = 4, EventName = "apphost.resource.failed", Level = LogLevel.Error, Message = "{Problem}")]
    public static partial void Failed(this ILogger log, string problem);

    [LoggerMessage(EventId = 5, EventName = "apphost.forwarder.failed", Level = LogLevel.Debug,
        Message = "A connection to port {Port} could not be forwarded")]
    public static partial void NotForwarded(this ILogger log, Exception? reason, int port);

    [LoggerMessage(EventId = 6, EventName = "apphost.command.failed", Level = LogLevel.Error, Message = "The command '{Command}' failed: {Problem}")]
    public static partial void CommandFailed(this ILogger log, string command, string? problem);

    [LoggerMessage(EventId = 7, EventName = "apphost.event.failed", Level = LogLevel.Error, Message = "A handler of {Event} failed: {Problem}")]
    public static partial void HandlerFailed(this ILogger log, string @event, string problem);
}
