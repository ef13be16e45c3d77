using Confluent.Kafka;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>What the broker says of a topic.</summary>
public static class TopicMetadata
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AskedAgainAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The partitions of a topic, none where there is no such topic. Blocks the thread until the broker answers.</summary>
    /// <param name="client">Any.</param>
    /// <param name="topic">Its name.</param>
    /// <param name="within">How long it may take; 10 s where nothing is said.</param>
    /// <exception cref="KafkaException">It does not answer.</exception>
    public static IReadOnlyList<TopicPartition> Partitions(this IClient client, string topic, TimeSpan? within = null)
    {
        using var admin = new DependentAdminClientBuilder(client.Handle).Build();
        return [.. admin.GetMetadata(topic, within
            ?? AnswerWithin).Topics[0].Partitions.Select(partition => new TopicPartition(topic, partition.PartitionId))];
    }

    /// <summary>The same, from a broker that is waited for however long.</summary>
    public static async Task<IReadOnlyList<TopicPartition>> PartitionsAsync(this IClient client, string topic, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await Task.Run(() => client.Partitions(topic, AskedAgainAfter), cancellationToken).WaitAsync(cancellationToken);
            }
            catch (KafkaException away) when (
                away.Error.Code is ErrorCode.Local_TimedOut or ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown)
            {
                await Task.Delay(Pause, cancellationToken);  // the client tells that it is away
            }
        }
    }
}
