using Microsoft.Extensions.Logging;

namespace Embedded.MongoDB;

/// <summary>Everything the server says, in one place.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1, EventName = "mongodb.server.started", Level = LogLevel.Information,
        Message = "Serving {Folder} on {Endpoint}, SQLite {SqliteVersion}")]
    public static partial void Started(this ILogger log, string folder, System.Net.IPEndPoint endpoint, string sqliteVersion);

    [LoggerMessage(EventId = 2, EventName = "mongodb.server.stopped", Level = LogLevel.Information, Message = "Stopped")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(EventId = 3, EventName = "mongodb.connection.malformed", Level = LogLevel.Warning,
        Message = "Connection {ConnectionId} from {Remote} closed: {Problem}")]
    public static partial void Malformed(this ILogger log, int connectionId, string remote, string problem);

    [LoggerMessage(EventId = 4, EventName = "mongodb.command.failed", Level = LogLevel.Error,
        Message = "Command {Command} failed for a reason of ours")]
    public static partial void CommandFailed(this ILogger log, Exception problem, string command);

    [LoggerMessage(EventId = 5, EventName = "mongodb.accept.failed", Level = LogLevel.Warning, Message = "A connection could not be accepted")]
    public static partial void AcceptFailed(this ILogger log, Exception problem);

    [LoggerMessage(EventId = 6, EventName = "mongodb.ttl.failed", Level = LogLevel.Error,
        Message = "Expired documents of {Database} could not be deleted; the next round tries again")]
    public static partial void TtlRoundFailed(this ILogger log, Exception problem, string database);

    [LoggerMessage(EventId = 7, EventName = "mongodb.connection.refused", Level = LogLevel.Warning,
        Message = "A connection from {Remote} was refused: {Limit} are open")]
    public static partial void Refused(this ILogger log, string remote, int limit);

    [LoggerMessage(EventId = 8, EventName = "mongodb.checkpoint.failed", Level = LogLevel.Error,
        Message = "The log of {Database} could not be synced or copied; the next round tries again")]
    public static partial void CheckpointFailed(this ILogger log, Exception problem, string database);

    [LoggerMessage(EventId = 10, EventName = "mongodb.database.closed_unclean", Level = LogLevel.Error,
        Message = "{Database} could not be closed in order ({Problem}); the next start checks it")]
    public static partial void ClosedUnclean(this ILogger log, string database, string problem);

    [LoggerMessage(EventId = 9, EventName = "mongodb.login.failed", Level = LogLevel.Warning,
        Message = "Connection {ConnectionId} from {Remote} failed to log in: user, password or authSource is wrong")]
    public static partial void LoginFailed(this ILogger log, int connectionId, string remote);
}
