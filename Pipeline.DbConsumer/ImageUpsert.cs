using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Kafka;

namespace Pipeline.DbConsumer;

/// <summary>A record, and the batch that it was taken with.</summary>
internal readonly record struct TakenRecord(Received Received, OpenBatch Batch)
{
    /// <summary>Whether it is an image, and not a prediction.</summary>
    public bool IsImage { get; init; }
}

/// <summary>What is to be written about one image: its picture, its prediction, or both.</summary>
/// <param name="Id">The document's id.</param>
/// <param name="Digest">Which image it is; null for a prediction that does not say.</param>
internal sealed record ImageUpsert(string Id, ImageDigest? Digest)
{
    private const int SuffixLength = 12;

    public CapturedImage? Image { get; init; }

    public InferenceResult? Result { get; init; }

    public bool IsWhole => Image is not null && Result is not null;

    /// <summary>Where <see cref="Image"/> and <see cref="Result"/> came from, in the order in which they came.</summary>
    public IReadOnlyList<TakenRecord> Records { get; init; } = [];

    /// <summary>Whether its document has a truth already that somebody gave; it stays, whatever the image's sender says.</summary>
    public bool IsTruthGiven { get; init; }

    /// <summary>Whether another image has the id, so that this one has an id of its own.</summary>
    public bool IsRenamed { get; private init; }

    /// <summary>The same under an id of its own that tells the first. Made of the image alone: delivered again it becomes the same.</summary>
    public ImageUpsert Renamed() => this with { Id = RenamedId(Id, Digest!.Value), IsRenamed = true };

    /// <summary>The id of an image whose own was taken.</summary>
    public static string RenamedId(string id, ImageDigest digest) => $"{id}~{digest.ToString()[..SuffixLength]}";

    /// <summary>The prediction alone.</summary>
    public ImageUpsert WithoutImage() => this with
    {
        Image = null,
        Records = [.. Records.Where(record => !record.IsImage)],
    };
}
