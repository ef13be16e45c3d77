using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Pipeline.Contracts;

namespace Pipeline.Analytics;

/// <summary>How many records topics took in this run, from their offsets.</summary>
/// <remarks>Exact for this pipeline, whose producers are idempotent and use no transactions: an offset is a record.</remarks>
internal sealed class TopicCounts(TopicOffsets offsets, IOptions<ProgressOptions> options)
{
    /// <summary>Records on <c>image_data</c>, and on both dead-letter topics. A topic that does not exist yet counts as 0.</summary>
    /// <exception cref="KafkaException">The broker did not answer in time.</exception>
    public async Task<(long Sent, long DeadLettered)> ReadAsync() =>
        await ReadAsync(await offsets.EndsAsync([Topics.ImageData, Topics.ImageDataDeadLetters, Topics.InferenceResultsDeadLetters]));

    /// <summary>The same up to offsets that are known already.</summary>
    /// <exception cref="KafkaException">The broker did not answer in time.</exception>
    public async Task<(long Sent, long DeadLettered)> ReadAsync(IReadOnlyDictionary<TopicPartition, long> ends)
    {
        var starts = options.Value.Since is { } since && ends.Count > 0 ? await offsets.AtAsync(ends.Keys, since) : [];
        return (Count(Topics.ImageData), Count(Topics.ImageDataDeadLetters) + Count(Topics.InferenceResultsDeadLetters));

        long Count(string topic) => ends.Where(end => end.Key.Topic == topic).Sum(end => Math.Max(0, end.Value - StartOf(end)));

        // Below 0: nothing came since.
        long StartOf(KeyValuePair<TopicPartition, long> end) => starts.GetValueOrDefault(end.Key) is var start and >= 0 ? start : end.Value;
    }
}
