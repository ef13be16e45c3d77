using Confluent.Kafka;
using Pipeline.Contracts;

namespace Pipeline.DbConsumer;

/// <summary>A batch of messages, put together by image: one write per image, however many messages speak of it.</summary>
internal sealed class ImageBatch
{
    private readonly Dictionary<(string Id, ImageDigest? Digest), ImageUpsert> _upserts = [];

    public IReadOnlyCollection<ImageUpsert> Upserts => _upserts.Values;

    /// <summary>Images that came again within the batch, unchanged.</summary>
    public int RepeatCount { get; private set; }

    public void Add(CapturedImage image, ConsumeResult<byte[], byte[]> record)
    {
        var upsert = Get(image.Id, ImageDigest.Of(image));
        if (upsert.Image is null)
        {
            Set(upsert with { Image = image, ImageRecord = record });
        }
        else
        {
            RepeatCount++;
        }
    }

    public void Add(InferenceResult result, ConsumeResult<byte[], byte[]> record) =>
        Set(Get(result.ImageId, result.ImageDigest) with { Result = result, ResultRecord = record });

    private ImageUpsert Get(string id, ImageDigest? digest) => _upserts.GetValueOrDefault((id, digest)) ?? new ImageUpsert(id, digest);

    private void Set(ImageUpsert upsert) => _upserts[(upsert.Id, upsert.Digest)] = upsert;
}
