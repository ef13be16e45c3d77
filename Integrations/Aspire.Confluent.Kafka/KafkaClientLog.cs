using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

/// <summary>Hands librdkafka's own log lines to the host's logging.</summary>
internal static partial class KafkaClientLog
{
    public const string Category = "Aspire.Confluent.Kafka";

    public static void Write(this ILogger log, LogMessage message)
    {
        var level = (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
        if (log.IsEnabled(level))
        {
            log.Message(level, message.Name, message.Facility, message.Message);
        }
    }

    [LoggerMessage(EventId = 1, EventName = "kafka.client.message", Message = "{Client} {Facility}: {Text}")]
    private static partial void Message(this ILogger log, LogLevel level, string client, string facility, string text);
}
