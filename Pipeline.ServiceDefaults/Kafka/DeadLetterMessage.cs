using System.Globalization;
using Confluent.Kafka;
using Pipeline.Contracts;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>
/// What a dead letter holds: key, value and headers as they came, and why in further headers. What is larger than a letter may be is cut, so that
/// no record is refused as a letter too; where it stands is in the headers, and there it is whole.
/// </summary>
public static class DeadLetterMessage
{
    /// <summary>A <see cref="ProblemKind"/>.</summary>
    public const string ReasonHeader = "dead-letter-reason";

    /// <summary>The problem's text.</summary>
    public const string ProblemHeader = "dead-letter-problem";

    /// <summary>Bytes of the value as it came; only where the letter holds its beginning alone.</summary>
    public const string CutHeader = "dead-letter-cut-from";

    private static readonly string[] OfTheLetter =
    [
        ReasonHeader, ProblemHeader, CutHeader,
        DeadLetterOrigin.TopicHeader, DeadLetterOrigin.PartitionHeader, DeadLetterOrigin.OffsetHeader, DeadLetterOrigin.TimestampHeader,
    ];

    // Together less than the 1,000,000 bytes that clients take by default; a broker may allow less, then there is no value.
    private const int MaxValueBytes = 800_000;
    private const int MaxKeyBytes = 16_384;
    private const int MaxHeaders = 64;
    private const int MaxHeaderBytes = 1_024;

    internal static Message<byte[], byte[]> Of(ConsumeResult<byte[], byte[]> record, Problem problem) => Of(record, problem, MaxValueBytes);

    /// <summary>The record again, with the time at which it was made.</summary>
    /// <param name="record">The letter, or the record itself where the letter holds its beginning alone.</param>
    /// <param name="letter">Tells of the record.</param>
    public static Message<byte[], byte[]> Restore(ConsumeResult<byte[], byte[]> record, ConsumeResult<byte[], byte[]> letter)
    {
        var headers = new Headers();
        foreach (var header in (record.Message.Headers ?? []).Where(header => !OfTheLetter.Contains(header.Key)))
        {
            headers.Add(header.Key, header.GetValueBytes());
        }
        var madeAt = DeadLetterOrigin.Read(letter.Message.Headers)?.Timestamp;
        return new()
        {
            Key = record.Message.Key,
            Value = record.Message.Value,
            Headers = headers,
            Timestamp = madeAt > 0 ? new Timestamp(madeAt.Value, TimestampType.CreateTime) : Timestamp.Default,
        };
    }

    /// <summary>For a broker that allows less.</summary>
    internal static Message<byte[], byte[]> WithoutValue(ConsumeResult<byte[], byte[]> record, Problem problem) =>
        Of(record, problem, maxValueBytes: 0);

    private static Message<byte[], byte[]> Of(ConsumeResult<byte[], byte[]> record, Problem problem, int maxValueBytes)
    {
        var value = record.Message.Value;
        var headers = new Headers();
        foreach (var header in (record.Message.Headers ?? []).Where(IsSmall).Take(MaxHeaders))
        {
            headers.Add(header.Key, header.GetValueBytes());
        }

        headers.Set(ReasonHeader, problem.Kind.ToString());
        headers.Set(ProblemHeader, problem.Text);
        DeadLetterOrigin.Of(record).Write(headers);
        if (value?.Length > maxValueBytes)
        {
            headers.Set(CutHeader, value.Length.ToString(CultureInfo.InvariantCulture));
        }
        return new() { Key = Cut(record.Message.Key, MaxKeyBytes)!, Value = Cut(value, maxValueBytes)!, Headers = headers };
    }

    private static bool IsSmall(IHeader header) => header.Key.Length + (header.GetValueBytes()?.Length ?? 0) <= MaxHeaderBytes;

    private static byte[]? Cut(byte[]? bytes, int length) => bytes?.Length > length ? bytes[..length] : bytes;
}
