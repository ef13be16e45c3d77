using Confluent.Kafka;
using Pipeline.Contracts;

namespace Pipeline.DbConsumer;

/// <summary>What one batch says about one image: its picture, its prediction, or both.</summary>
internal sealed record ImageUpsert(string Id)
{
    public CapturedImage? Image { get; init; }

    /// <summary>Where <see cref="Image"/> came from.</summary>
    public ConsumeResult<byte[], byte[]>? ImageRecord { get; init; }

    public InferenceResult? Result { get; init; }

    public bool HasSameImageAs(CapturedImage other) =>
        Image is { } image
        && image.ProducerId == other.ProducerId && image.GroundTruth == other.GroundTruth
        && image.Format == other.Format && image.Data.Span.SequenceEqual(other.Data.Span);
}
