using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;

namespace Pipeline.Analytics;

/// <summary>The latest dead letters, newest first. Reads only what came since it last looked; commits nothing.</summary>
internal sealed class DeadLetterTail(RecordReader reader, TopicOptions topics)
{
    /// <summary>Letters kept; older ones are only counted.</summary>
    public const int MaxLetters = 100;

    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(5);

    private IReadOnlyList<DeadLetter> _latest = [];

    /// <param name="ends">Log end offsets; those of dead-letter topics are looked at.</param>
    /// <exception cref="KafkaException">The broker did not answer.</exception>
    public async Task<IReadOnlyList<DeadLetter>> ReadAsync(IReadOnlyDictionary<TopicPartition, long> ends, CancellationToken cancellationToken)
    {
        var ofLetters = ends.Where(end => topics.OriginOf(end.Key.Topic) is not null).ToDictionary();
        var letters = await Task.Run(() => Read(ofLetters, cancellationToken), cancellationToken);          // the client's call blocks
        _latest = [.. letters.Concat(_latest).OrderByDescending(letter => letter.At).Take(MaxLetters)];
        return _latest;
    }

    private List<DeadLetter> Read(Dictionary<TopicPartition, long> ends, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ReadLimit);
        List<DeadLetter> letters = [];
        try
        {
            reader.ReadTail(ends, letter => letters.Add(DeadLetter.Of(letter, topics.OriginOf(letter.Topic)!)), limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What came in time is shown; the rest is read next time.
        }
        return letters;
    }
}
