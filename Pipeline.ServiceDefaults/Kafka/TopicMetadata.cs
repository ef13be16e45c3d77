using Confluent.Kafka;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>What the broker says of a topic.</summary>
public static class TopicMetadata
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    /// <summary>The partitions of a topic. Blocks the thread until the broker answers, for 10 s at most.</summary>
    /// <exception cref="KafkaException">It does not answer.</exception>
    public static IReadOnlyList<TopicPartition> Partitions(this IClient client, string topic)
    {
        using var admin = new DependentAdminClientBuilder(client.Handle).Build();
        return [.. admin.GetMetadata(topic, AnswerWithin).Topics[0].Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))];
    }
}
