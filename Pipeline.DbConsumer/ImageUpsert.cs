using Confluent.Kafka;
using Pipeline.Contracts;

namespace Pipeline.DbConsumer;

/// <summary>What one batch says about one image: its picture, its prediction, or both.</summary>
/// <param name="Id">The document's id.</param>
/// <param name="Digest">Which image it is; null for a prediction that does not say.</param>
internal sealed record ImageUpsert(string Id, ImageDigest? Digest)
{
    private const int SuffixLength = 12;

    public CapturedImage? Image { get; init; }

    /// <summary>Where <see cref="Image"/> came from.</summary>
    public ConsumeResult<byte[], byte[]>? ImageRecord { get; init; }

    public InferenceResult? Result { get; init; }

    /// <summary>Where <see cref="Result"/> came from.</summary>
    public ConsumeResult<byte[], byte[]>? ResultRecord { get; init; }

    /// <summary>Whether another image has the id, so that this one has an id of its own.</summary>
    public bool IsRenamed { get; private init; }

    /// <summary>The same under an id of its own that tells the first. Made of the image alone: delivered again it becomes the same.</summary>
    public ImageUpsert Renamed() => this with { Id = $"{Id}~{Digest.ToString()![..SuffixLength]}", IsRenamed = true };
}
