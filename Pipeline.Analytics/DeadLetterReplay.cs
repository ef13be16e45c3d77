using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Analytics;

/// <summary>What a replay has done.</summary>
/// <param name="Sent">Records that are on their topics again.</param>
/// <param name="Left">Letters that cannot be sent again.</param>
/// <param name="Reasons">Why not, for the first of those.</param>
internal sealed record ReplayOutcome(int Sent, int Left, IReadOnlyList<LeftLetter> Reasons);

/// <param name="Letter">Its place.</param>
/// <param name="Problem">For people.</param>
internal sealed record LeftLetter(RecordPlace Letter, string Problem);

/// <summary>
/// Sends the records of dead letters again, to the topics that they came from: after what was wrong is mended. Each once: a consumer group remembers
/// how far it got, and admits one replay at a time, whoever asks for it. A record that fails again has a letter of its own again, and may be replayed again.
/// </summary>
/// <remarks>
/// A letter is committed after its record is acknowledged: a process that is killed between the two sends one record twice, which changes nothing, for
/// everything downstream is keyed by image id.
/// </remarks>
internal sealed class DeadLetterReplay(
    [FromKeyedServices(DeadLetterReplay.ConnectionName)] IConsumer<byte[], byte[]> letters, IProducer<byte[], byte[]> producer, RecordReader originals,
    TopicOptions topics)
    : IDisposable
{
    public const string ConnectionName = "kafka";

    /// <summary>The consumer group.</summary>
    public const string Group = "dead-letter-replay";

    private const int MaxReasons = 100;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AdmittedWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestCall = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Sends what there is; letters that come meanwhile are left for the next replay.</summary>
    /// <returns>Null where another replay is under way.</returns>
    /// <exception cref="KafkaException">The broker does not answer, or does not allow it. What was sent by then is remembered.</exception>
    public async Task<ReplayOutcome?> RunAsync(CancellationToken cancellationToken)
    {
        if (!await _one.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return null;
        }
        try
        {
            return await Task.Run(() => SendAllAsync(cancellationToken), cancellationToken);         // the client's calls block
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<ReplayOutcome?> SendAllAsync(CancellationToken cancellationToken)
    {
        string[] ofLetters = [topics.DeadLettersOf(topics.Images), topics.DeadLettersOf(topics.Results)];
        var open = OpenPartitions(ofLetters);
        var (sent, left, reasons) = (0, 0, new List<LeftLetter>());
        if (open.Count == 0)
        {
            return new(0, 0, reasons);
        }
        letters.Subscribe(ofLetters);
        try
        {
            var since = TimeProvider.System.GetTimestamp();
            while (open.Count > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var letter = letters.Consume(LongestCall);
                if (letter is null)
                {
                    if (letters.Assignment.Count == 0 && TimeProvider.System.GetElapsedTime(since) > AdmittedWithin)
                    {
                        return null;
                    }
                    continue;
                }
                if (letter.IsPartitionEOF || !open.TryGetValue(letter.TopicPartition, out var end) || letter.Offset >= end)
                {
                    open.Remove(letter.TopicPartition);
                    continue;
                }
                if (await SendAsync(letter, cancellationToken) is { } problem)
                {
                    left++;
                    if (reasons.Count < MaxReasons)
                    {
                        reasons.Add(new(RecordPlace.Of(letter.TopicPartitionOffset), problem));
                    }
                }
                else
                {
                    sent++;
                }
                var next = new TopicPartitionOffset(letter.TopicPartition, letter.Offset + 1);
                letters.Commit([next]);
                if (next.Offset >= end)
                {
                    open.Remove(letter.TopicPartition);
                }
            }
            return new(sent, left, reasons);
        }
        finally
        {
            letters.Unsubscribe();
        }
    }

    /// <summary>Partitions with letters that no replay has been past, and where they end.</summary>
    private Dictionary<TopicPartition, Offset> OpenPartitions(string[] ofLetters)
    {
        var partitions = ofLetters.SelectMany(topic => letters.Partitions(topic, AnswerWithin)).ToList();
        var next = letters.Committed(partitions, AnswerWithin).ToDictionary(offset => offset.TopicPartition, offset => offset.Offset.Value);
        Dictionary<TopicPartition, Offset> open = [];
        foreach (var partition in partitions)
        {
            var marks = letters.QueryWatermarkOffsets(partition, AnswerWithin);
            if (marks.High.Value > Math.Max(marks.Low.Value, next[partition]))              // below 0: nothing is committed
            {
                open.Add(partition, marks.High);
            }
        }
        return open;
    }

    /// <returns>Why it cannot be sent again; null when it is.</returns>
    private async Task<string?> SendAsync(ConsumeResult<byte[], byte[]> letter, CancellationToken cancellationToken)
    {
        var record = letter;
        var headers = letter.Message.Headers;
        if (headers.Text(DeadLetterMessage.ReasonHeader) == nameof(ProblemKind.UnreadableRecord))
        {
            return "Kafka's client cannot open the record";
        }
        if (headers.Text(DeadLetterMessage.CutHeader) is { } length)
        {
            if (Original(letter) is not { } original)
            {
                return DeadLetterOrigin.Read(headers) is { } place
                    ? $"the letter holds the beginning alone of {length} bytes, and {place.Topic} {place.Partition} {place.Offset} is no longer there"
                    : $"the letter holds the beginning alone of {length} bytes, and does not say of which record";
            }
            record = original;
        }
        try
        {
            await producer.ProduceAsync(topics.OriginOf(letter.Topic)!, DeadLetterMessage.Restore(record, letter), cancellationToken);
            return null;
        }
        catch (KafkaException refused) when (refused.Error.IsOfTheRecord())
        {
            return $"Kafka does not take it: {refused.Error.Reason}";
        }
    }

    /// <summary>The record that a letter tells of, if it is still there.</summary>
    private ConsumeResult<byte[], byte[]>? Original(ConsumeResult<byte[], byte[]> letter) =>
        DeadLetterOrigin.Read(letter.Message.Headers) is { } origin && origin.Topic == topics.OriginOf(letter.Topic)
        && originals.Read(new TopicPartitionOffset(origin.Topic, origin.Partition, origin.Offset)) is { } record && DeadLetterOrigin.Of(record) == origin
            ? record
            : null;
}

/// <summary>Registers what reads dead letters and sends them again.</summary>
internal static class DeadLetterReplayExtensions
{
    public static void AddDeadLetters(this IHostApplicationBuilder builder)
    {
        builder.AddPipelineProducer(DeadLetterReplay.ConnectionName);
        builder.AddKafkaConsumer<byte[], byte[]>(DeadLetterReplay.ConnectionName, settings => settings.ReadTails("analytics"));      // asks for offsets, too
        builder.AddKeyedKafkaConsumer<byte[], byte[]>(DeadLetterReplay.ConnectionName, settings =>
        {
            settings.ReadAs(DeadLetterReplay.Group);
            settings.DisableHealthChecks = true;             // the other says the same of the same broker
            settings.Config.EnableAutoCommit = false;
            settings.Config.EnablePartitionEof = true;
        });
        builder.Services.AddSingleton<RecordReader>().AddSingleton<DeadLetterReplay>();
    }
}
