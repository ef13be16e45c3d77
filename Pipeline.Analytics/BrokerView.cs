using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Pipeline.Contracts;

namespace Pipeline.Analytics;

/// <summary>What the broker tells: how much was sent, who is behind, what could not be used.</summary>
/// <param name="Sent">Records on <c>image_data</c> in this run, repeats included.</param>
/// <param name="DeadLettered">Records on both dead-letter topics in this run.</param>
/// <param name="Latest">The latest of these, newest first.</param>
internal sealed record BrokerState(long Sent, long DeadLettered, IReadOnlyList<PartitionLag> Lag, IReadOnlyList<DeadLetter> Latest);

/// <summary>Asks the broker for all of it, a handful of requests whose number does not grow with what it holds.</summary>
internal sealed class BrokerView(TopicOffsets offsets, TopicCounts counts, DeadLetterTail deadLetters, IOptions<ProgressOptions> options)
{
    /// <exception cref="KafkaException">The broker did not answer in time.</exception>
    public async Task<BrokerState> ReadAsync(CancellationToken cancellationToken)
    {
        var ends = await offsets.EndsAsync(Topics.All.Select(topic => topic.Name)).WaitAsync(cancellationToken);
        var (sent, deadLettered) = await counts.ReadAsync(ends).WaitAsync(cancellationToken);
        var lag = await ConsumerLag.ReadAsync(offsets, ends).WaitAsync(cancellationToken);
        var latest = await deadLetters.ReadAsync(ends, cancellationToken);
        return new BrokerState(sent, deadLettered, lag, [.. latest.Where(letter => letter.At >= (options.Value.Since?.UtcDateTime ?? default))]);
    }
}
