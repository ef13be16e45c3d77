using Confluent.Kafka;
using Pipeline.Contracts;

namespace Pipeline.DbConsumer;

/// <summary>
/// What the records say that is not written yet, put together by image: one write per image, however many records speak of it. A prediction comes
/// moments after its image; so while predictions come at all, an image waits for its own, which saves the store every second write.
/// </summary>
internal sealed class PendingImages
{
    /// <summary>An image without a prediction is written after this long, and at once when no prediction has come for as long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The same for a prediction without its image, which mostly is on its way, and else was written before.</summary>
    public static readonly TimeSpan ResultPatience = TimeSpan.FromSeconds(1);

    /// <summary>Images of a partition that wait, in memory. With more, their predictions are so far behind that no further images are needed yet.</summary>
    public const long MaxWaitingBytes = 4 * 1024 * 1024;

    /// <summary>What an image takes beside its record's value.</summary>
    private const int OverheadBytes = 1024;

    private readonly Dictionary<(string Id, ImageDigest? Digest), ImageUpsert> _upserts = [];
    private readonly Dictionary<TopicPartition, long> _waitingBytes = [];
    private DateTimeOffset _lastImageAt = DateTimeOffset.MinValue;
    private DateTimeOffset _lastResultAt = DateTimeOffset.MinValue;

    /// <summary>Bytes of the images that <see cref="TakeDue"/> has left waiting, by the partition that they came from. Stays for those that had some.</summary>
    public IReadOnlyDictionary<TopicPartition, long> WaitingBytes => _waitingBytes;

    /// <summary>When the first of those that <see cref="TakeDue"/> has left waiting is to be written as it is; null when none waits.</summary>
    public DateTimeOffset? NextDueAt { get; private set; }

    /// <summary>False for an image that waits already: it came again, unchanged.</summary>
    public bool TryAdd(CapturedImage image, TakenRecord record)
    {
        var upsert = Get(image.Id, ImageDigest.Of(image));
        if (upsert.Image is not null)
        {
            return false;
        }
        Set(upsert with { Image = image, Records = [.. upsert.Records, record] });
        _lastImageAt = record.Received.At;
        return true;
    }

    /// <summary>Of two predictions for an image the last one counts.</summary>
    public void Add(InferenceResult result, TakenRecord record)
    {
        var upsert = Get(result.ImageId, result.ImageDigest);
        Set(upsert with { Result = result, Records = [.. upsert.Records, record] });
        _lastResultAt = record.Received.At;
    }

    /// <summary>Takes out what is to be written now.</summary>
    public List<ImageUpsert> TakeDue(DateTimeOffset now)
    {
        var due = new List<ImageUpsert>(_upserts.Count);
        NextDueAt = null;
        foreach (var partition in _waitingBytes.Keys)
        {
            _waitingBytes[partition] = 0;
        }
        foreach (var (key, upsert) in _upserts)
        {
            var dueAt = DueAt(upsert);
            if (dueAt <= now)
            {
                _upserts.Remove(key);
                due.Add(upsert);
                continue;
            }
            NextDueAt = NextDueAt < dueAt ? NextDueAt : dueAt;
            if (upsert.Image is { } image)
            {
                var partition = upsert.Records[0].Received.Record.TopicPartition;
                _waitingBytes[partition] = _waitingBytes.GetValueOrDefault(partition) + image.Data.Length + OverheadBytes;
            }
        }
        return due;
    }

    /// <summary>Until when it waits for its other half.</summary>
    private DateTimeOffset DueAt(ImageUpsert upsert) => upsert switch
    {
        { Image: not null, Result: not null } or { Digest: null } => DateTimeOffset.MinValue,
        { Image: not null } => Earlier(upsert.Records[0].Received.At, _lastResultAt) + Patience,
        _ => Earlier(upsert.Records[0].Received.At, _lastImageAt) + ResultPatience,
    };

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private ImageUpsert Get(string id, ImageDigest? digest) => _upserts.GetValueOrDefault((id, digest)) ?? new ImageUpsert(id, digest);

    private void Set(ImageUpsert upsert) => _upserts[(upsert.Id, upsert.Digest)] = upsert;
}
