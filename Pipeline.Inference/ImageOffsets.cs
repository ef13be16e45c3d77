using Confluent.Kafka;

namespace Pipeline.Inference;

/// <summary>Asks the broker what partitions hold, and where a time begins in them.</summary>
internal static class ImageOffsets
{
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    public static Dictionary<TopicPartition, WatermarkOffsets> RangesOf(
        this IConsumer<byte[], Ignore> offsets, IEnumerable<TopicPartition> partitions) =>
        partitions.ToDictionary(partition => partition, partition => offsets.QueryWatermarkOffsets(partition, AnswerWithin));

    /// <summary>The first record of that time or later; the end of the range where there is none.</summary>
    public static List<TopicPartitionOffset> StartsOf(
        this IConsumer<byte[], Ignore> offsets, IReadOnlyDictionary<TopicPartition, WatermarkOffsets> ranges, DateTimeOffset from)
    {
        var times = ranges.Keys.Select(partition => new TopicPartitionTimestamp(partition, new Timestamp(from)));
        var found = offsets.OffsetsForTimes(times, AnswerWithin);
        return [.. found.Select(start => start.Offset == Offset.End ? new(start.TopicPartition, ranges[start.TopicPartition].High) : start)];
    }
}
