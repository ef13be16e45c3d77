using Confluent.Kafka;
using Pipeline.Contracts;

namespace Pipeline.DbConsumer;

/// <summary>
/// What the records say that is not written yet, put together by image: one write per image, however many records speak of it. An image and its
/// prediction come within moments; so while both come at all, the first waits for the second, which saves the store every second write.
/// </summary>
internal sealed class PendingImages
{
    /// <summary>
    /// A half is written alone when none of the other kind has come for so long, or those of halves that came so much later have come: then its own
    /// will not.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// And when no half of its partition has found its own for so long, though those of other partitions have: when much waits, inference takes
    /// the partitions by turns.
    /// </summary>
    public static readonly TimeSpan PatienceWithPartition = TimeSpan.FromSeconds(10);

    /// <summary>What of one partition may wait, in memory. With more, its other halves are so far behind that no further ones are needed yet.</summary>
    public const long MaxWaitingBytes = 4 * 1024 * 1024;

    /// <summary>What an image takes beside its bytes, and what a prediction takes.</summary>
    private const int OverheadBytes = 1024;

    /// <summary>So many in a row that waited in vain while others came say that theirs go to another replica: then none waits for a while.</summary>
    public const int MaxInVain = 500;

    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    /// <summary>Halves written alone that are remembered; their other halves need not wait.</summary>
    private const int MaxRemembered = 20_000;

    private readonly Dictionary<(string Id, ImageDigest? Digest), PendingImage> _images = [];
    private readonly Dictionary<TopicPartition, WaitingLine> _lines = [];
    private readonly List<PendingImage> _due = [];
    private readonly HashSet<(string Id, ImageDigest? Digest)> _writtenAlone = [];
    private readonly Queue<(string Id, ImageDigest? Digest)> _writtenOldestFirst = new();
    private DateTimeOffset _lastImageAt = DateTimeOffset.MinValue;
    private DateTimeOffset _lastResultAt = DateTimeOffset.MinValue;
    private DateTimeOffset _restUntil = DateTimeOffset.MinValue;
    private int _inVainCount;
    private long _count;

    /// <summary>Bytes that wait, by the partition that they came from; 0 where there were some before.</summary>
    public IEnumerable<(TopicPartition Partition, long Bytes)> WaitingBytes => _lines.Select(line => (line.Key, line.Value.Bytes));

    /// <summary>When the first of those that <see cref="TakeDue"/> has left waiting is to be written as it is; null when none waits.</summary>
    public DateTimeOffset? NextDueAt { get; private set; }

    /// <summary>False for an image that waits already: it came again, unchanged.</summary>
    public bool TryAdd(CapturedImage image, TakenRecord record)
    {
        var pending = Get(image.Id, ImageDigest.Of(image), record);
        if (pending.Upsert.Image is not null)
        {
            return false;
        }
        _lastImageAt = record.Received.At;
        Put(pending, pending.Upsert with { Image = image, Records = [.. pending.Upsert.Records, record with { IsImage = true }] }, record);
        return true;
    }

    /// <summary>Of two predictions for an image the last one counts.</summary>
    public void Add(InferenceResult result, TakenRecord record)
    {
        var pending = Get(result.ImageId, result.ImageDigest, record);
        _lastResultAt = record.Received.At;
        Put(pending, pending.Upsert with { Result = result, Records = [.. pending.Upsert.Records, record] }, record);
    }

    /// <summary>Takes out what is to be written now, in the order in which it came.</summary>
    public List<ImageUpsert> TakeDue(DateTimeOffset now)
    {
        NextDueAt = null;
        foreach (var line in _lines.Values)
        {
            TakeDue(line, now);
        }
        _due.Sort((left, right) => left.Number.CompareTo(right.Number));
        foreach (var pending in _due)
        {
            _images.Remove(pending.Key);
        }
        var due = _due.ConvertAll(pending => pending.Upsert);
        _due.Clear();
        return due;
    }

    private void TakeDue(WaitingLine line, DateTimeOffset now)
    {
        while (line.First is { } half)
        {
            var lastOtherAt = half.Upsert.Image is null ? _lastImageAt : _lastResultAt;
            var dueAt = now < _restUntil ? DateTimeOffset.MinValue : line.DueAt(half, lastOtherAt);
            if (dueAt > now)
            {
                NextDueAt = NextDueAt < dueAt ? NextDueAt : dueAt;
                return;
            }
            line.Leave(half);
            _due.Add(half);
            Remember(half.Key);
            if (now < lastOtherAt + Patience && ++_inVainCount >= MaxInVain)
            {
                (_restUntil, _inVainCount) = (now + Rest, 0);
            }
        }
    }

    private PendingImage Get(string id, ImageDigest? digest, TakenRecord record)
    {
        if (!_images.TryGetValue((id, digest), out var pending))
        {
            pending = new PendingImage(new ImageUpsert(id, digest), record.Received.At, _count++);
            _images.Add(pending.Key, pending);
        }
        return pending;
    }

    /// <summary>A half waits in the line of its partition; what is whole, or has nothing to wait for, is due.</summary>
    private void Put(PendingImage pending, ImageUpsert upsert, TakenRecord record)
    {
        var isNew = pending.Upsert.Records.Count == 0;
        pending.Upsert = upsert;
        if (isNew && (upsert.Digest is null || _writtenAlone.Contains(pending.Key)))
        {
            _due.Add(pending);
        }
        else if (isNew)
        {
            LineOf(record.Received.Record.TopicPartition).Join(pending, (upsert.Image?.Picture.Data.Length ?? 0) + OverheadBytes);
        }
        else if (upsert.IsWhole && pending.Line is { } line)
        {
            line.Match(pending, record.Received.At);
            _due.Add(pending);
            _inVainCount = 0;
        }
    }

    private WaitingLine LineOf(TopicPartition partition)
    {
        if (!_lines.TryGetValue(partition, out var line))
        {
            _lines.Add(partition, line = new WaitingLine());
        }
        return line;
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
}
