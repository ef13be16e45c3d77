using Confluent.Kafka;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>What the broker says of a topic.</summary>
public static class TopicMetadata
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    /// <summary>The partitions of a topic, none where there is no such topic. Blocks the thread until the broker answers.</summary>
    /// <param name="client">Any.</param>
    /// <param name="topic">Its name.</param>
    /// <param name="within">How long it may take; 10 s where nothing is said.</param>
    /// <exception cref="KafkaException">It does not answer.</exception>
    public static IReadOnlyList<TopicPartition> Partitions(this IClient client, string topic, TimeSpan? within = null)
    {
        using var admin = new DependentAdminClientBuilder(client.Handle).Build();
        return [.. admin.GetMetadata(topic, within ?? AnswerWithin).Topics[0].Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))];
    }
}
