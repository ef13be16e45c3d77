using Confluent.Kafka;
using Pipeline.Contracts;

namespace Pipeline.Analytics;

/// <summary>How many records topics ever took, from their log end offsets.</summary>
/// <remarks>Exact for this pipeline, whose producers are idempotent and use no transactions: an offset is a record.</remarks>
internal sealed class TopicCounts(TopicOffsets offsets)
{
    /// <summary>Records on <c>image_data</c>, and on both dead-letter topics. A topic that does not exist yet counts as 0.</summary>
    /// <param name="since">Only records of that time or later; null: all there ever were.</param>
    /// <exception cref="KafkaException">The broker did not answer in time.</exception>
    public async Task<(long Sent, long DeadLettered)> ReadAsync(DateTimeOffset? since)
    {
        var ends = await offsets.EndsAsync([Topics.ImageData, Topics.ImageDataDeadLetters, Topics.InferenceResultsDeadLetters]);
        if (ends.Count == 0)
        {
            return (0, 0);
        }

        var starts = since is { } from ? await offsets.AtAsync(ends.Keys, from) : [];
        var counts = ends.ToLookup(end => end.Key.Topic == Topics.ImageData, end => end.Value - (since is null ? 0 : Start(end)));
        return (counts[true].Sum(), counts[false].Sum());

        long Start(KeyValuePair<TopicPartition, long> end) => starts[end.Key] < 0 ? end.Value : starts[end.Key];
    }
}
