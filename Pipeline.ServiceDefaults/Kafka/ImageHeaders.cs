using System.Buffers.Text;
using System.Text;
using Confluent.Kafka;
using Pipeline.Contracts;

namespace Pipeline.ServiceDefaults.Kafka;

/// <summary>
/// What every record tells of its image, so that latency can be measured for all images and not only for those that are traced.
/// Instants are decimal Unix nanoseconds: Kafka's own timestamps are milliseconds.
/// </summary>
public static class ImageHeaders
{
    public const string ImageId = "pipeline-image-id";
    public const string ProducerId = "pipeline-producer-id";

    /// <summary>When the camera took the image.</summary>
    public const string CapturedAt = "pipeline-captured-at";

    /// <summary>When it was to take it.</summary>
    public const string ScheduledAt = "pipeline-scheduled-at";

    /// <summary>When this record was handed to Kafka's client; a prediction has one of its own.</summary>
    public const string SentAt = "pipeline-sent-at";

    /// <summary>What is longer is no id and no instant, and is not passed on.</summary>
    private const int MaxForwardedBytes = 4 * Limits.MaxIdLength;

    // Long enough for any 64-bit number.
    private const int MaxDigits = 20;

    private static readonly string[] OfTheImage = [ImageId, ProducerId, CapturedAt, ScheduledAt];

    /// <summary>Writes those of a new image.</summary>
    public static void Write(
        Headers headers, string imageId, byte[] producerId, DateTimeOffset capturedAt, DateTimeOffset scheduledAt, DateTimeOffset sentAt)
    {
        headers.Add(ImageId, Encoding.UTF8.GetBytes(imageId));
        headers.Add(ProducerId, producerId);
        headers.Add(CapturedAt, Digits(capturedAt));
        headers.Add(ScheduledAt, Digits(scheduledAt));
        headers.Add(SentAt, Digits(sentAt));
    }

    /// <summary>Repeats those of an image on what is made of it, byte for byte. Images of older cameras have none.</summary>
    public static void Forward(Headers? image, Headers headers, DateTimeOffset sentAt)
    {
        foreach (var name in OfTheImage)
        {
            if (image is not null && image.TryGetLastBytes(name, out var bytes) && bytes is { Length: <= MaxForwardedBytes })
            {
                headers.Add(name, bytes);
            }
        }
        headers.Add(SentAt, Digits(sentAt));
    }

    /// <summary>Reads an instant; null when it is missing or is not one.</summary>
    public static DateTimeOffset? Instant(this Headers? headers, string name) =>
        headers is not null && headers.TryGetLastBytes(name, out var bytes)
        && Utf8Parser.TryParse(bytes, out long nanoseconds, out var length) && length == bytes.Length
            ? UnixNanoseconds.ToInstant(nanoseconds)
            : null;

    private static byte[] Digits(DateTimeOffset instant)
    {
        Span<byte> digits = stackalloc byte[MaxDigits];
        Utf8Formatter.TryFormat(UnixNanoseconds.From(instant), digits, out var length);
        return digits[..length].ToArray();
    }
}
