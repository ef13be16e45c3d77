using Confluent.Kafka;
using Pipeline.Contracts;

namespace Pipeline.DbConsumer;

/// <summary>
/// What the records say that is not written yet, put together by image: one write per image, however many records speak of it. An image and its
/// prediction come within moments; so while both come at all, the first waits for the second, which saves the store every second write.
/// </summary>
internal sealed class PendingImages
{
    /// <summary>A half is written alone after this long, and at once when none of the other kind has come for as long.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>What of one partition may wait, in memory. With more, its other halves are so far behind that no further ones are needed yet.</summary>
    public const long MaxWaitingBytes = 4 * 1024 * 1024;

    /// <summary>What an image takes beside its bytes, and a prediction: as much as a small image, so that neither side gets further ahead.</summary>
    private const int OverheadBytes = 4 * 1024;

    /// <summary>So many in a row that waited in vain say that their other halves go to another replica: then none waits for a while.</summary>
    public const int MaxInVain = 500;

    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    /// <summary>Halves written alone that are remembered; their other halves need not wait.</summary>
    private const int MaxRemembered = 20_000;

    private readonly Dictionary<(string Id, ImageDigest? Digest), ImageUpsert> _upserts = [];
    private readonly Dictionary<TopicPartition, long> _waitingBytes = [];
    private readonly HashSet<(string Id, ImageDigest? Digest)> _writtenAlone = [];
    private readonly Queue<(string Id, ImageDigest? Digest)> _writtenOldestFirst = new();
    private DateTimeOffset _lastImageAt = DateTimeOffset.MinValue;
    private DateTimeOffset _lastResultAt = DateTimeOffset.MinValue;
    private DateTimeOffset _restUntil = DateTimeOffset.MinValue;
    private int _inVainCount;

    /// <summary>Bytes that <see cref="TakeDue"/> has left waiting, by the partition that they came from; 0 where there were some before.</summary>
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
        Set(upsert with { Image = image, Records = [.. upsert.Records, record with { IsImage = true }] });
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
            var dueAt = now < _restUntil ? DateTimeOffset.MinValue : DueAt(upsert);
            if (dueAt <= now)
            {
                _upserts.Remove(key);
                due.Add(upsert);
                NoteDue(key, upsert, now);
                continue;
            }
            NextDueAt = NextDueAt < dueAt ? NextDueAt : dueAt;
            var partition = upsert.Records[0].Received.Record.TopicPartition;
            _waitingBytes[partition] = _waitingBytes.GetValueOrDefault(partition) + (upsert.Image?.Picture.Data.Length ?? 0) + OverheadBytes;
        }
        return due;
    }

    private void NoteDue((string Id, ImageDigest? Digest) key, ImageUpsert upsert, DateTimeOffset now)
    {
        if (upsert.IsWhole)
        {
            _inVainCount = 0;
            return;
        }
        Remember(key);
        if (now - upsert.Records[0].Received.At >= Patience && ++_inVainCount >= MaxInVain)
        {
            (_restUntil, _inVainCount) = (now + Rest, 0);
        }
    }

    private void Remember((string Id, ImageDigest? Digest) key)
    {
        if (_writtenAlone.Add(key))
        {
            _writtenOldestFirst.Enqueue(key);
        }
        if (_writtenOldestFirst.Count > MaxRemembered)
        {
            _writtenAlone.Remove(_writtenOldestFirst.Dequeue());
        }
    }

    /// <summary>Until when it waits for its other half.</summary>
    private DateTimeOffset DueAt(ImageUpsert upsert)
    {
        if (upsert.IsWhole || upsert.Digest is null || _writtenAlone.Contains((upsert.Id, upsert.Digest)))
        {
            return DateTimeOffset.MinValue;
        }
        var lastOtherAt = upsert.Image is null ? _lastImageAt : _lastResultAt;
        var takenAt = upsert.Records[0].Received.At;
        return (takenAt < lastOtherAt ? takenAt : lastOtherAt) + Patience;
    }

    private ImageUpsert Get(string id, ImageDigest? digest) => _upserts.GetValueOrDefault((id, digest)) ?? new ImageUpsert(id, digest);

    private void Set(ImageUpsert upsert) => _upserts[(upsert.Id, upsert.Digest)] = upsert;
}
