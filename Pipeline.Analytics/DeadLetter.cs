using System.Text;
using System.Text.Json.Serialization;
using Confluent.Kafka;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.Analytics;

/// <summary>Where a record stands.</summary>
internal sealed record RecordPlace(string Topic, int Partition, long Offset)
{
    public static RecordPlace Of(TopicPartitionOffset place) => new(place.Topic, place.Partition.Value, place.Offset.Value);

    public override string ToString() => $"{Topic} {Partition} {Offset}";
}

/// <summary>A message that nobody could use.</summary>
/// <param name="Topic">Where it was sent to at first.</param>
/// <param name="Key">The record's key, shortened: for images, who sent it.</param>
/// <param name="Reason">A <see cref="ProblemKind"/>, or what the header says.</param>
/// <param name="Problem">For people.</param>
internal sealed record DeadLetter(DateTime At, string Topic, string Key, string Reason, string Problem)
{
    private const int MaxKeyLength = 64;
    private const int MaxProblemLength = 300;

    /// <summary>Its image's; null where that cannot be made out.</summary>
    public string? Id { get; init; }

    /// <summary>The letter's own.</summary>
    public RecordPlace? Letter { get; init; }

    /// <summary>The record's; null where the letter does not say.</summary>
    public RecordPlace? Origin { get; init; }

    /// <summary>Bytes of the record where the letter holds its beginning alone; else null.</summary>
    public string? CutFrom { get; init; }

    /// <summary>Whether a replay has been past it: it is sent again, or it was told why not.</summary>
    public bool IsReplayed { get; init; }

    [JsonIgnore]
    public bool HasPicture { get; init; }

    /// <summary>Where its picture is, relative to the page; null where it has none.</summary>
    public string? Picture => HasPicture && Letter is { } place ? $"api/dead-letters/{Uri.EscapeDataString(place.Topic)}/{place.Partition}/{place.Offset}/png" : null;

    /// <param name="letter">The letter.</param>
    /// <param name="topic">Where letters on its topic come from, unless they say so themselves.</param>
    public static DeadLetter Of(ConsumeResult<byte[], byte[]> letter, string topic)
    {
        var headers = letter.Message.Headers;
        var origin = DeadLetterOrigin.Read(headers);
        var seen = MessageGlimpse.Of(letter.Message.Value, letter.ContentType());
        return new(
            letter.Message.Timestamp.At(DateTimeOffset.UnixEpoch).UtcDateTime,
            headers.Text(DeadLetterOrigin.TopicHeader) ?? topic,
            letter.Message.Key is { } key ? Encoding.UTF8.GetString(key.AsSpan(0, Math.Min(key.Length, MaxKeyLength))) : "",
            headers.Text(DeadLetterMessage.ReasonHeader) ?? "no reason given",
            Shortened(headers.Text(DeadLetterMessage.ProblemHeader) ?? "", MaxProblemLength))
        {
            Id = (headers.Text(ImageHeaders.ImageId) ?? seen.Id) is { } id ? Shortened(id, Limits.MaxIdLength) : null,
            Letter = RecordPlace.Of(letter.TopicPartitionOffset),
            Origin = origin is { } place ? new(place.Topic, place.Partition, place.Offset) : null,
            CutFrom = headers.Text(DeadLetterMessage.CutHeader),
            HasPicture = seen.Picture is not null,
        };
    }

    private static string Shortened(string text, int length) => text.Length <= length ? text : text[..length] + "…";
}
