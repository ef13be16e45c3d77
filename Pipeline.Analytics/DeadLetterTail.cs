using System.Text;
using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Analytics;

/// <summary>A message that nobody could use.</summary>
/// <param name="Topic">Where it was sent to at first.</param>
/// <param name="Key">The record's key, shortened: for images, who sent it.</param>
/// <param name="Reason">A <see cref="ProblemKind"/>, or what the header says.</param>
/// <param name="Problem">For people.</param>
internal sealed record DeadLetter(DateTime At, string Topic, string Key, string Reason, string Problem);

/// <summary>The latest dead letters, newest first. Reads only what came since it last looked; commits nothing.</summary>
/// <remarks>One reader at a time: the consumer is shared with nobody else who consumes.</remarks>
internal sealed class DeadLetterTail(IConsumer<byte[], Ignore> consumer)
{
    /// <summary>Letters kept; older ones are only counted.</summary>
    public const int MaxLetters = 100;

    private const int MaxKeyLength = 64;
    private const int MaxProblemLength = 300;
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(5);

    private readonly TopicTail _tail = new(consumer, MaxLetters);
    private IReadOnlyList<DeadLetter> _latest = [];

    /// <param name="ends">Log end offsets; those of dead-letter topics are looked at.</param>
    /// <exception cref="KafkaException">The broker did not answer.</exception>
    public async Task<IReadOnlyList<DeadLetter>> ReadAsync(IReadOnlyDictionary<TopicPartition, long> ends, CancellationToken cancellationToken)
    {
        var ofLetters = ends.Where(end => end.Key.Topic.EndsWith(Topics.DeadLetterSuffix, StringComparison.Ordinal)).ToDictionary();
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
            _tail.Read(ends, letter => letters.Add(Read(letter)), limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What came in time is shown; the rest is read next time.
        }
        return letters;
    }

    private static DeadLetter Read(ConsumeResult<byte[], Ignore> record)
    {
        var headers = record.Message.Headers;
        var topic = record.Topic[..^Topics.DeadLetterSuffix.Length];
        var key = record.Message.Key is { } bytes ? Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, MaxKeyLength))) : "";
        return new DeadLetter(
            record.Message.Timestamp.At(DateTimeOffset.UnixEpoch).UtcDateTime, headers.Text(DeadLetterOrigin.TopicHeader) ?? topic, key,
            headers.Text(DeadLetterMessage.ReasonHeader) ?? "no reason given", Shortened(headers.Text(DeadLetterMessage.ProblemHeader) ?? ""));
    }

    private static string Shortened(string text) => text.Length <= MaxProblemLength ? text : text[..MaxProblemLength] + "…";
}
