using Confluent.Kafka;
using Pipeline.Contracts.Options;

namespace Pipeline.Analytics;

/// <summary>How far a group is behind on one partition.</summary>
/// <param name="Start">The log start offset: what was before it, retention has removed.</param>
/// <param name="End">The log end offset.</param>
/// <param name="Committed">Null while the group has committed nothing; then everything is still before it.</param>
internal sealed record PartitionLag(string Group, string Topic, int Partition, long Start, long End, long? Committed)
{
    /// <summary>Records that are there. A commit may be newer than the log end we were told.</summary>
    public long Lag => Math.Max(0, End - Math.Max(Start, Committed ?? Start));
}

/// <summary>Who reads which topic, and how far behind.</summary>
internal sealed class ConsumerLag(TopicOffsets offsets, TopicOptions topics, GroupOptions groups)
{
    private readonly (string Group, string Topic)[] _readers =
    [
        (groups.Inference, topics.Images),
        (groups.DbConsumer, topics.Images),
        (groups.DbConsumer, topics.Results),
        // What a shadow says is stored some seconds late on purpose, and nobody is behind with it.
        .. topics.HasShadow() ? [(groups.OfShadow().Inference, topics.Images)] : Array.Empty<(string, string)>(),
    ];

    /// <summary>One row per group and partition, in the order a record travels.</summary>
    /// <param name="ends">Log end offsets of all topics.</param>
    /// <exception cref="KafkaException">The broker did not answer in time.</exception>
    public async Task<IReadOnlyList<PartitionLag>> ReadAsync(IReadOnlyDictionary<TopicPartition, long> ends)
    {
        var read = ends.Keys.Where(partition => _readers.Any(reader => reader.Topic == partition.Topic)).ToList();
        var starts = read.Count == 0 ? [] : await offsets.StartsAsync(read);
        List<PartitionLag> rows = [];
        foreach (var (group, topic) in _readers)
        {
            var partitions = ends.Where(end => end.Key.Topic == topic).OrderBy(end => end.Key.Partition.Value).ToList();
            if (partitions.Count == 0)
            {
                continue;
            }
            var committed = await offsets.CommittedAsync(group, partitions.Select(end => end.Key));
            rows.AddRange(partitions.Select(end => new PartitionLag(
                group, topic, end.Key.Partition.Value, starts.GetValueOrDefault(end.Key), end.Value,
                committed.TryGetValue(end.Key, out var offset) && offset >= 0 ? offset : null)));
        }
        return rows;
    }
}
