using Microsoft.Extensions.Logging;

namespace Embedded.Kafka;

/// <summary>Every line this broker logs. Text that a client chose goes through <see cref="ClientText"/>.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(EventId = 1, EventName = "kafka.broker.started", Level = LogLevel.Information,
        Message = "Listening on {EndPoint}, advertised as {Advertised}; cluster {ClusterId}, data in {DataDirectory}")]
    public static partial void Started(this ILogger log, string endPoint, string advertised, string clusterId, string dataDirectory);

    [LoggerMessage(EventId = 2, EventName = "kafka.broker.stopped", Level = LogLevel.Information, Message = "Stopped; everything is on disk")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(EventId = 10, EventName = "kafka.connection.client", Level = LogLevel.Debug,
        Message = "Client {ClientId} at {Host} is {Name} {Version}")]
    public static partial void ClientIs(this ILogger log, ClientText clientId, string host, ClientText name, ClientText version);

    [LoggerMessage(EventId = 11, EventName = "kafka.connection.refused", Level = LogLevel.Warning,
        Message = "Closed the connection from {Host} (client {ClientId}): {Problem}")]
    public static partial void RequestRefused(this ILogger log, string host, ClientText clientId, string problem);

    [LoggerMessage(EventId = 12, EventName = "kafka.connection.broken", Level = LogLevel.Debug, Message = "Connection from {Host} ended: {Problem}")]
    public static partial void ConnectionBroken(this ILogger log, string host, string problem);

    [LoggerMessage(EventId = 13, EventName = "kafka.handler.failed", Level = LogLevel.Error,
        Message = "{Api} v{Version} from {Host} failed, correlation {CorrelationId}; its connection is closed, nothing was changed")]
    public static partial void HandlerFailed(this ILogger log, Exception exception, string api, short version, string host, int correlationId);

    [LoggerMessage(EventId = 14, EventName = "kafka.connection.limit", Level = LogLevel.Warning,
        Message = "Connection refused: {Count} are open, the limit (max.connections)")]
    public static partial void TooManyConnections(this ILogger log, int count);
}

/// <summary>Text that a client chose, as a log shows it: cut short, control characters escaped.</summary>
internal readonly record struct ClientText(string Text)
{
    private const int MaxCharacters = 64;

    public override string ToString() => string.Concat(Text.Take(MaxCharacters).Select(c => char.IsControl(c) ? '?' : c));
}
