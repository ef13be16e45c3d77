using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Pipeline.Analytics;

/// <summary>Asks the broker for offsets: where logs begin and end, where they stood at a time, what groups have committed. No record is read.</summary>
/// <remarks>Asks on the connection of the consumer that the host registered; the consumer itself never joins a group.</remarks>
internal sealed class TopicOffsets(IConsumer<byte[], byte[]> consumer) : IDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private readonly IAdminClient _admin = new DependentAdminClientBuilder(consumer.Handle).Build();

    /// <summary>The log end offset of every partition of these topics. A topic that does not exist yet has none.</summary>
    /// <exception cref="KafkaException">The broker did not answer in time.</exception>
    public async Task<Dictionary<TopicPartition, long>> EndsAsync(IEnumerable<string> topics)
    {
        var partitions = await PartitionsAsync(topics);
        return partitions.Count == 0 ? [] : await OffsetsAsync(partitions, OffsetSpec.Latest());
    }

    /// <summary>The first offset that is still there.</summary>
    /// <exception cref="KafkaException">The broker did not answer in time.</exception>
    public Task<Dictionary<TopicPartition, long>> StartsAsync(IEnumerable<TopicPartition> partitions) => OffsetsAsync(partitions, OffsetSpec.Earliest());

    /// <summary>The first offset of that time or later; below 0 where a partition took nothing since.</summary>
    /// <exception cref="KafkaException">The broker did not answer in time.</exception>
    public Task<Dictionary<TopicPartition, long>> AtAsync(IEnumerable<TopicPartition> partitions, DateTimeOffset time) =>
        OffsetsAsync(partitions, OffsetSpec.ForTimestamp(time.ToUnixTimeMilliseconds()));

    /// <summary>What a group has committed; below 0 where it has committed nothing yet.</summary>
    /// <exception cref="KafkaException">The broker did not answer in time.</exception>
    public async Task<Dictionary<TopicPartition, long>> CommittedAsync(string group, IEnumerable<TopicPartition> partitions)
    {
        var answer = await _admin.ListConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitions(group, [.. partitions])], new ListConsumerGroupOffsetsOptions { RequestTimeout = RequestTimeout });
        return answer.Single().Partitions.ToDictionary(offset => offset.TopicPartition, offset => offset.Offset.Value);
    }

    public void Dispose() => _admin.Dispose();

    private async Task<Dictionary<TopicPartition, long>> OffsetsAsync(IEnumerable<TopicPartition> partitions, OffsetSpec which)
    {
        var answer = await _admin.ListOffsetsAsync(
            partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = which }),
            new ListOffsetsOptions { RequestTimeout = RequestTimeout });
        return answer.ResultInfos.ToDictionary(
            info => info.TopicPartitionOffsetError.TopicPartition, info => info.TopicPartitionOffsetError.Offset.Value);
    }

    // Asked each time: topics and partitions may be added while we run.
    private async Task<List<TopicPartition>> PartitionsAsync(IEnumerable<string> topics)
    {
        try
        {
            var described = await _admin.DescribeTopicsAsync(
                TopicCollection.OfTopicNames(topics), new DescribeTopicsOptions { RequestTimeout = RequestTimeout });
            return PartitionsOf(described.TopicDescriptions);
        }
        catch (DescribeTopicsException some) when (some.Results.TopicDescriptions.All(IsFoundOrUnknown))
        {
            return PartitionsOf(some.Results.TopicDescriptions);
        }
    }

    private static bool IsFoundOrUnknown(TopicDescription topic) =>
        topic.Error.Code is ErrorCode.NoError or ErrorCode.UnknownTopicOrPart;

    private static List<TopicPartition> PartitionsOf(IEnumerable<TopicDescription> topics) =>
        [.. topics.Where(topic => !topic.Error.IsError)
            .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Name, partition.Partition)))];
}
