using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>How a consumer reaches Kafka. Bound from <c>Aspire:Confluent:Kafka:Consumer</c>.</summary>
public sealed class KafkaConsumerSettings
{
    /// <summary>Bootstrap servers, <c>host:port[,host:port…]</c>. Wins over <see cref="Config"/>'s own.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The client's own configuration; section <c>Config</c>. A group id is required.</summary>
    public ConsumerConfig Config { get; } = new();

    /// <summary>Whether the client's metrics are off. Default: false.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Whether no health check is registered. Default: false.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether the client's traces are off. Default: false.</summary>
    public bool DisableTracing { get; set; }
}
