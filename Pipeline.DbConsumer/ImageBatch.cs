using Confluent.Kafka;
using Pipeline.Contracts;

namespace Pipeline.DbConsumer;

/// <summary>A batch of messages, put together by image id: one write per image, however many messages speak of it.</summary>
internal sealed class ImageBatch
{
    private readonly Dictionary<string, ImageUpsert> _upserts = new(StringComparer.Ordinal);
    private readonly List<(ConsumeResult<byte[], byte[]> Record, string ImageId)> _conflicts = [];

    public IReadOnlyCollection<ImageUpsert> Upserts => _upserts.Values;

    /// <summary>Images that came again within the batch, unchanged.</summary>
    public int RepeatCount { get; private set; }

    /// <summary>Other images under an id that the batch already has. The first one stays.</summary>
    public IReadOnlyList<(ConsumeResult<byte[], byte[]> Record, string ImageId)> Conflicts => _conflicts;

    public void Add(CapturedImage image, ConsumeResult<byte[], byte[]> record)
    {
        var upsert = Get(image.Id);
        if (upsert.Image is null)
        {
            _upserts[image.Id] = upsert with { Image = image, ImageRecord = record };
        }
        else if (upsert.HasSameImageAs(image))
        {
            RepeatCount++;
        }
        else
        {
            _conflicts.Add((record, image.Id));
        }
    }

    public void Add(InferenceResult result) => _upserts[result.ImageId] = Get(result.ImageId) with { Result = result };

    private ImageUpsert Get(string id) => _upserts.GetValueOrDefault(id) ?? new ImageUpsert(id);
}
