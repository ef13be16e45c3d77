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

    /// <summary>Images that wait, in memory. With more, predictions are so far behind that no further images are needed yet.</summary>
    public const long MaxWaitingBytes = 16 * 1024 * 1024;

    /// <summary>What an image takes beside its record's value.</summary>
    private const int OverheadBytes = 1024;

    private readonly Dictionary<(string Id, ImageDigest? Digest), ImageUpsert> _upserts = [];
    private DateTimeOffset _lastResultAt = DateTimeOffset.MinValue;
    private DateTimeOffset _oldestAt;

    /// <summary>Bytes of the images that <see cref="TakeDue"/> has left waiting.</summary>
    public long WaitingBytes { get; private set; }

    /// <summary>When the first of those that wait is written without its prediction; null when none waits.</summary>
    public DateTimeOffset? NextDueAt => _upserts.Count == 0 ? null : (_oldestAt < _lastResultAt ? _oldestAt : _lastResultAt) + Patience;

    /// <summary>False for an image that waits already: it came again, unchanged.</summary>
    public bool TryAdd(CapturedImage image, TakenRecord record)
    {
        var upsert = Get(image.Id, ImageDigest.Of(image));
        if (upsert.Image is not null)
        {
            return false;
        }
        Set(upsert with { Image = image, Records = [.. upsert.Records, record] });
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
        var predictionsCome = now - _lastResultAt < Patience;
        var due = new List<ImageUpsert>(_upserts.Count);
        (WaitingBytes, _oldestAt) = (0, DateTimeOffset.MaxValue);
        foreach (var (key, upsert) in _upserts)
        {
            var takenAt = upsert.Records[0].Received.At;
            if (upsert.Result is not null || !predictionsCome || now - takenAt >= Patience)
            {
                _upserts.Remove(key);
                due.Add(upsert);
            }
            else
            {
                WaitingBytes += upsert.Image!.Data.Length + OverheadBytes;
                _oldestAt = takenAt < _oldestAt ? takenAt : _oldestAt;
            }
        }
        return due;
    }

    private ImageUpsert Get(string id, ImageDigest? digest) => _upserts.GetValueOrDefault((id, digest)) ?? new ImageUpsert(id, digest);

    private void Set(ImageUpsert upsert) => _upserts[(upsert.Id, upsert.Digest)] = upsert;
}
