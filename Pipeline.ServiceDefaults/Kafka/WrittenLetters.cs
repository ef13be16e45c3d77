using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>Which records have a dead letter already, as the ends of the dead-letter topics tell.</summary>
internal sealed class WrittenLetters(IConsumer<byte[], Ignore> consumer, ILogger log)
{
    /// <summary>
    /// Letters of a partition that are read back at a time, and letters that are known. More than a service and its replicas write between a commit
    /// and the successor's first look, unless nearly every record is bad; then some may come again.
    /// </summary>
    private const int MaxLetters = 5_000;

    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly TopicTail<Ignore> _tail = new(consumer, MaxLetters);
    private readonly HashSet<DeadLetterOrigin> _known = [];
    private readonly Queue<DeadLetterOrigin> _oldestFirst = new();

    /// <summary>Afterwards all is known that was on the topics when it was called. A broker that is away is waited for.</summary>
    /// <remarks>Where it does not allow reading, letters are written all the same: rather one twice than a record that stops a service.</remarks>
    public async Task CatchUpAsync(IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await Task.Run(() => CatchUp(topics, cancellationToken), cancellationToken);        // the client's calls block
                return;
            }
            catch (KafkaException refused) when (refused.Error.Code is ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed)
            {
                log.LettersNotReadBack(refused.Error.Reason);
                return;
            }
            catch (KafkaException)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    public bool Contain(DeadLetterOrigin record) => _known.Contains(record);

    /// <summary>A letter of our own.</summary>
    public void Add(DeadLetterOrigin record, TopicPartitionOffset letter)
    {
        Know(record);
        _tail.Skip(letter);
    }

    private void CatchUp(IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        var ends = topics.SelectMany(topic => consumer.Partitions(topic, AnswerWithin))
            .ToDictionary(partition => partition, partition => consumer.QueryWatermarkOffsets(partition, AnswerWithin).High.Value);
        _tail.Read(ends, letter => Know(DeadLetterOrigin.Read(letter.Message.Headers)), cancellationToken);
    }

    private void Know(DeadLetterOrigin? record)
    {
        if (record is not { } origin || !_known.Add(origin))
        {
            return;
        }

        _oldestFirst.Enqueue(origin);
        if (_oldestFirst.Count > MaxLetters)
        {
            _known.Remove(_oldestFirst.Dequeue());
        }
    }
}
