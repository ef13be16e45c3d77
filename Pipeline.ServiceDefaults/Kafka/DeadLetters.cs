using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>
/// Sends what cannot be processed to <c>topic.dlq</c>: key, value and headers as they came, and why in further headers. What is larger than a
/// letter may be is cut, so that no record is refused as a letter too; where it stands is in the headers, and there it is whole.
/// </summary>
public sealed class DeadLetters(IProducer<byte[], byte[]> producer, PipelineMetrics metrics, ILogger<DeadLetters> log)
{
    /// <summary>A <see cref="ProblemKind"/>.</summary>
    public const string ReasonHeader = "dead-letter-reason";

    /// <summary>The problem's text.</summary>
    public const string ProblemHeader = "dead-letter-problem";

    /// <summary>Bytes of the value as it came; only where the letter holds its beginning alone.</summary>
    public const string CutHeader = "dead-letter-cut-from";

    public const string TopicHeader = "dead-letter-topic";
    public const string PartitionHeader = "dead-letter-partition";
    public const string OffsetHeader = "dead-letter-offset";

    // Together less than the 1,000,000 bytes that clients take by default; a broker may allow less, then there is no value.
    private const int MaxValueBytes = 800_000;
    private const int MaxKeyBytes = 16_384;
    private const int MaxHeaders = 64;
    private const int MaxHeaderBytes = 1_024;

    /// <summary>Sends one record and waits for the acknowledgement; logged and counted once.</summary>
    /// <exception cref="ProduceException{TKey,TValue}">It could not be delivered: do not store the record's offset.</exception>
    public async Task SendAsync(ConsumeResult<byte[], byte[]> record, Problem problem, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(record, problem, MaxValueBytes, cancellationToken);
        }
        catch (KafkaException refused) when (refused.Error.IsOfTheRecord())
        {
            await SendAsync(record, problem, maxValueBytes: 0, cancellationToken);
        }

        metrics.CountImages(1, TelemetryNames.DeadLettered);
        log.RecordRejected(record.Topic, record.Partition.Value, record.Offset.Value, problem.Kind, problem.Text);
    }

    private async Task SendAsync(ConsumeResult<byte[], byte[]> record, Problem problem, int maxValueBytes, CancellationToken cancellationToken)
    {
        var value = record.Message.Value;
        var headers = new Headers();
        foreach (var header in (record.Message.Headers ?? []).Where(IsSmall).Take(MaxHeaders))
        {
            headers.Add(header.Key, header.GetValueBytes());
        }

        headers.Set(ReasonHeader, problem.Kind.ToString());
        headers.Set(ProblemHeader, problem.Text);
        headers.Set(TopicHeader, record.Topic);
        headers.Set(PartitionHeader, record.Partition.Value.ToString(CultureInfo.InvariantCulture));
        headers.Set(OffsetHeader, record.Offset.Value.ToString(CultureInfo.InvariantCulture));

        if (value?.Length > maxValueBytes)
        {
            headers.Set(CutHeader, value.Length.ToString(CultureInfo.InvariantCulture));
        }

        var letter = new Message<byte[], byte[]> { Key = Cut(record.Message.Key, MaxKeyBytes)!, Value = Cut(value, maxValueBytes)!, Headers = headers };
        await producer.ProduceAsync(record.Topic + Topics.DeadLetterSuffix, letter, cancellationToken);
    }

    private static bool IsSmall(IHeader header) => header.Key.Length + (header.GetValueBytes()?.Length ?? 0) <= MaxHeaderBytes;

    private static byte[]? Cut(byte[]? bytes, int length) => bytes?.Length > length ? bytes[..length] : bytes;
}
