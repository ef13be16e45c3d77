using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Pipeline.Contracts;

namespace Pipeline.Analytics;

/// <summary>How many records topics ever took, from their log end offsets: no record is read.</summary>
/// <remarks>
/// Exact for this pipeline, whose producers are idempotent and use no transactions: an offset is a record. A client asks on the
/// connection of the consumer that the host registered; the consumer itself never joins a group.
/// </remarks>
internal sealed class TopicCounts(IConsumer<Ignore, Ignore> consumer) : IDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private readonly IAdminClient _admin = new DependentAdminClientBuilder(consumer.Handle).Build();

    /// <summary>Records on <c>image_data</c>, and on both dead-letter topics. A topic that does not exist yet counts as 0.</summary>
    /// <param name="since">Only records of that time or later; null: all there ever were.</param>
    /// <exception cref="KafkaException">The broker did not answer in time.</exception>
    public async Task<(long Sent, long DeadLettered)> ReadAsync(DateTimeOffset? since)
    {
        var partitions = await PartitionsAsync([Topics.ImageData, Topics.ImageDataDeadLetters, Topics.InferenceResultsDeadLetters]);
        if (partitions.Count == 0)
        {
            return (0, 0);
        }

        var ends = await OffsetsAsync(partitions, OffsetSpec.Latest());
        var starts = since is { } from ? await OffsetsAsync(partitions, OffsetSpec.ForTimestamp(from.ToUnixTimeMilliseconds())) : [];
        var counts = partitions.ToLookup(
            partition => partition.Topic == Topics.ImageData,
            partition => ends[partition] - (since is null ? 0 : Start(partition)));
        return (counts[true].Sum(), counts[false].Sum());

        // A partition that took nothing since then has no such offset.
        long Start(TopicPartition partition) => starts[partition] < 0 ? ends[partition] : starts[partition];
    }

    public void Dispose() => _admin.Dispose();

    private async Task<Dictionary<TopicPartition, long>> OffsetsAsync(List<TopicPartition> partitions, OffsetSpec which)
    {
        var answer = await _admin.ListOffsetsAsync(
            partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = which }),
            new ListOffsetsOptions { RequestTimeout = RequestTimeout });
        return answer.ResultInfos.ToDictionary(
            info => info.TopicPartitionOffsetError.TopicPartition, info => info.TopicPartitionOffsetError.Offset.Value);
    }

    // Asked each time: topics and partitions may be added while we run.
    private async Task<List<TopicPartition>> PartitionsAsync(string[] topics)
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
