using Aspire.Confluent.Kafka;
using Confluent.Kafka;

namespace Pipeline.ServiceDefaults.Messaging;

/// <summary>How the services use Kafka: nothing lost, nothing doubled by a retry. Set before a service's own settings.</summary>
public static class KafkaSettings
{
    /// <summary>A producer whose records are acknowledged by all in-sync replicas and never doubled by a retry.</summary>
    public static void WriteReliably(this KafkaProducerSettings settings)
    {
        settings.DisableTracing = true;                      // our own spans carry the image's trace; see TraceContext
        var config = settings.Config;
        config.EnableIdempotence = true;
        config.Acks = Acks.All;
        config.LingerMs = 1;                                 // one request for what is sent together, no wait worth measuring
        config.SocketNagleDisable = true;
    }

    /// <summary>A consumer that commits only what <see cref="BatchConsumer.StoreOffsets"/> was told.</summary>
    public static void ReadAs(this KafkaConsumerSettings settings, string groupId)
    {
        settings.DisableTracing = true;
        var config = settings.Config;
        config.GroupId = groupId;
        config.EnableAutoOffsetStore = false;
        config.EnableAutoCommit = true;
        config.AutoCommitIntervalMs = 1000;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.SessionTimeoutMs = 6000;                      // Kafka's smallest: a killed member's partitions move soon
        config.HeartbeatIntervalMs = 2000;
        config.QueuedMinMessages = 2000;                     // a partition's prefetch: more only delays a stop
        config.QueuedMaxMessagesKbytes = 16 * 1024;
        config.FetchQueueBackoffMs = 20;
        config.SocketNagleDisable = true;
    }
}
