using System.Threading.Channels;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>
/// Sends what cannot be processed to its topic's dead letters, each record once. A service that was killed between a letter and its commit, or that
/// lost a partition without knowing, left letters of records that are read again: so before letters are written, what has come to the topic is read
/// back.
/// </summary>
/// <remarks>
/// One loop writes, and takes whatever waits: many letters share a look. What remains: Kafka cannot refuse a letter because another one is there, so
/// a process that is held up between its look and the broker's append, for longer than its session lasts, can write one that its successor wrote too.
/// </remarks>
public sealed class DeadLetters : IAsyncDisposable
{
    /// <summary>A look that took longer may have been the process standing still, its partitions gone meanwhile. Half a session.</summary>
    private static readonly TimeSpan PromptLook = TimeSpan.FromSeconds(3);

    private readonly IProducer<byte[], byte[]> _producer;
    private readonly WrittenLetters _written;
    private readonly PipelineMetrics _metrics;
    private readonly TopicOptions _topics;
    private readonly TimeProvider _time;
    private readonly ILogger<DeadLetters> _log;
    private readonly Channel<Letter> _waiting = Channel.CreateUnbounded<Letter>(new() { SingleReader = true });     // senders wait: batches bound it
    private readonly CancellationTokenSource _disposing = new();
    private readonly Task _writing;

    /// <param name="producer">Writes letters.</param>
    /// <param name="tails">Reads them back; used for nothing else.</param>
    /// <param name="metrics">Counts them.</param>
    /// <param name="topics">Which topic they go to.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Tells of each.</param>
    public DeadLetters(
        IProducer<byte[], byte[]> producer, IConsumer<byte[], Ignore> tails, PipelineMetrics metrics, TopicOptions topics, TimeProvider time,
        ILogger<DeadLetters> log)
    {
        (_producer, _written, _metrics, _topics, _time, _log) = (producer, new WrittenLetters(tails, log), metrics, topics, time, log);
        _writing = WriteAllAsync();
    }

    /// <summary>Sends one record, unless it is a dead letter already, and waits for the acknowledgement; logged and counted once.</summary>
    /// <exception cref="ProduceException{TKey,TValue}">It could not be delivered: do not store the record's offset.</exception>
    public Task SendAsync(ConsumeResult<byte[], byte[]> record, Problem problem, CancellationToken cancellationToken)
    {
        var letter = new Letter(record, problem, _topics.DeadLettersOf(record.Topic));
        _waiting.Writer.TryWrite(letter);
        return letter.Written.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Writes no further one. Letters that wait are left to whoever reads their records again.</summary>
    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await _writing;
        _disposing.Dispose();
    }

    private async Task WriteAllAsync()
    {
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(_disposing.Token))
            {
                List<Letter> letters = [];
                while (_waiting.Reader.TryRead(out var letter))
                {
                    letters.Add(letter);
                }
                await WriteAsync(letters);
            }
        }
        catch (OperationCanceledException) when (_disposing.IsCancellationRequested) { }
    }

    private async Task WriteAsync(List<Letter> letters)
    {
        try
        {
            await LookAsync(letters);
            // A record that the process has taken again, its partition gone and come back, can wait twice.
            var missing = letters.DistinctBy(letter => letter.Origin).Where(letter => !_written.Contain(letter.Origin)).ToList();
            var places = await Task.WhenAll(missing.Select(ProduceAsync));
            foreach (var (letter, place) in missing.Zip(places).OrderBy(written => written.Second.Offset.Value))
            {
                _written.Add(letter.Origin, place);
            }
            foreach (var repeated in letters.Except(missing))
            {
                _log.RecordRejectedBefore(repeated.Origin.Topic, repeated.Origin.Partition, repeated.Origin.Offset);
            }
            letters.ForEach(letter => letter.Written.TrySetResult());
        }
        catch (Exception failure)
        {
            letters.ForEach(letter => letter.Written.TrySetException(failure));
        }
    }

    private async Task LookAsync(List<Letter> letters)
    {
        var topics = letters.Select(letter => letter.Topic).Distinct().ToList();
        var began = _time.GetTimestamp();
        await _written.CatchUpAsync(topics, _disposing.Token);
        if (_time.GetElapsedTime(began) > PromptLook)
        {
            await _written.CatchUpAsync(topics, _disposing.Token);
        }
    }

    private async Task<TopicPartitionOffset> ProduceAsync(Letter letter)
    {
        var (record, problem) = (letter.Record, letter.Problem);
        DeliveryResult<byte[], byte[]> delivered;
        try
        {
            delivered = await _producer.ProduceAsync(letter.Topic, DeadLetterMessage.Of(record, problem), _disposing.Token);
        }
        catch (KafkaException refused) when (refused.Error.IsOfTheRecord())
        {
            delivered = await _producer.ProduceAsync(letter.Topic, DeadLetterMessage.WithoutValue(record, problem), _disposing.Token);
        }

        _metrics.CountImages(1, TelemetryNames.DeadLettered);
        _log.RecordRejected(record.Topic, record.Partition.Value, record.Offset.Value, problem.Kind, problem.Text);
        return delivered.TopicPartitionOffset;
    }

    private sealed class Letter(ConsumeResult<byte[], byte[]> record, Problem problem, string topic)
    {
        public ConsumeResult<byte[], byte[]> Record => record;

        public Problem Problem => problem;

        public DeadLetterOrigin Origin { get; } = DeadLetterOrigin.Of(record);

        public string Topic => topic;

        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
