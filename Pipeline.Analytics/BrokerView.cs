using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Pipeline.Contracts.Options;

namespace Pipeline.Analytics;

/// <summary>What the broker tells: how much was sent, who is behind, what could not be used.</summary>
/// <param name="At">When it was asked.</param>
/// <param name="Sent">Images sent in this run, repeats included.</param>
/// <param name="DeadLettered">Records on both dead-letter topics in this run.</param>
/// <param name="Latest">The latest of these, newest first.</param>
internal sealed record BrokerState(DateTimeOffset At, long Sent, long DeadLettered, IReadOnlyList<PartitionLag> Lag, IReadOnlyList<DeadLetter> Latest)
{
    /// <summary>Who has not moved for a while although records wait, for people.</summary>
    public IReadOnlyList<string> Standing { get; init; } = [];

    /// <summary>When a record or a commit was last seen to have come.</summary>
    public DateTimeOffset MovedAt { get; init; }

    /// <summary>The same, beside what was seen before it.</summary>
    public BrokerState After(BrokerState? before) => this with
    {
        MovedAt = before is not null && Sent == before.Sent && DeadLettered == before.DeadLettered && Lag.SequenceEqual(before.Lag) ? before.MovedAt : At,
    };
}

/// <summary>Asks the broker for all of it, a handful of requests whose number does not grow with what it holds.</summary>
internal sealed class BrokerView(
    TopicOffsets offsets, ConsumerLag consumerLag, DeadLetterTail deadLetters, TopicOptions topics, IOptions<ProgressOptions> options, TimeProvider time)
{
    private readonly Standstills _standstills = new(time);

    /// <exception cref="KafkaException">The broker did not answer in time.</exception>
    public async Task<BrokerState> ReadAsync(CancellationToken cancellationToken)
    {
        var ends = await offsets.EndsAsync(topics.All().Select(topic => topic.Name)).WaitAsync(cancellationToken);
        var at = time.GetUtcNow();
        var starts = options.Value.Since is { } since && ends.Count > 0 ? await offsets.AtAsync(ends.Keys, since).WaitAsync(cancellationToken) : [];
        var lag = await consumerLag.ReadAsync(ends).WaitAsync(cancellationToken);
        var latest = await MarkedAsync(await deadLetters.ReadAsync(ends, cancellationToken)).WaitAsync(cancellationToken);
        return new BrokerState(
            at, Count(topics.Images), Count(topics.DeadLettersOf(topics.Images)) + Count(topics.DeadLettersOf(topics.Results)), lag,
            [.. latest.Where(letter => letter.At >= (options.Value.Since?.UtcDateTime ?? default))])
        {
            Standing = _standstills.Observe(lag),
        };

        // Exact for this pipeline, whose producers are idempotent and use no transactions: an offset is a record.
        long Count(string topic) => ends.Where(end => end.Key.Topic == topic).Sum(end => Math.Max(0, end.Value - StartOf(end)));

        // Those that a replay has been past.
        async Task<IReadOnlyList<DeadLetter>> MarkedAsync(IReadOnlyList<DeadLetter> letters)
        {
            var partitions = letters.Select(PartitionOf).Distinct().ToList();
            var next = partitions.Count == 0 ? [] : await offsets.CommittedAsync(DeadLetterReplay.Group, partitions);
            return [.. letters.Select(letter => letter with { IsReplayed = letter.Letter!.Offset < next.GetValueOrDefault(PartitionOf(letter)) })];
        }

        static TopicPartition PartitionOf(DeadLetter letter) => new(letter.Letter!.Topic, letter.Letter.Partition);

        // Below 0: nothing came since.
        long StartOf(KeyValuePair<TopicPartition, long> end) => starts.GetValueOrDefault(end.Key) is var start and >= 0 ? start : end.Value;
    }
}
