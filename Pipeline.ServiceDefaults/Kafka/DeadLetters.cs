using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Telemetry;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>
/// Sends what cannot be processed to <c>topic.dlq</c>: key, value and headers as they came, and why in further headers.
/// </summary>
public sealed class DeadLetters(IProducer<byte[], byte[]> producer, ILogger<DeadLetters> log)
{
    /// <summary>A <see cref="ProblemKind"/>.</summary>
    public const string ReasonHeader = "dead-letter-reason";

    /// <summary>The problem's text.</summary>
    public const string ProblemHeader = "dead-letter-problem";

    public const string TopicHeader = "dead-letter-topic";
    public const string PartitionHeader = "dead-letter-partition";
    public const string OffsetHeader = "dead-letter-offset";

    /// <summary>Sends one record and waits for the acknowledgement; logged and counted once.</summary>
    /// <exception cref="ProduceException{TKey,TValue}">It could not be delivered: do not store the record's offset.</exception>
    public async Task SendAsync(ConsumeResult<byte[], byte[]> record, Problem problem, CancellationToken cancellation)
    {
        var headers = new Headers();
        foreach (var header in record.Message.Headers ?? [])
            headers.Add(header.Key, header.GetValueBytes());
        headers.Set(ReasonHeader, problem.Kind.ToString());
        headers.Set(ProblemHeader, problem.Text);
        headers.Set(TopicHeader, record.Topic);
        headers.Set(PartitionHeader, record.Partition.Value.ToString(CultureInfo.InvariantCulture));
        headers.Set(OffsetHeader, record.Offset.Value.ToString(CultureInfo.InvariantCulture));

        var letter = new Message<byte[], byte[]> { Key = record.Message.Key, Value = record.Message.Value, Headers = headers };
        await producer.ProduceAsync(record.Topic + Topics.DeadLetterSuffix, letter, cancellation);

        PipelineTelemetry.CountImages(1, TelemetryNames.DeadLettered);
        log.RecordRejected(record.Topic, record.Partition.Value, record.Offset.Value, problem.Kind, problem.Text);
    }
}
