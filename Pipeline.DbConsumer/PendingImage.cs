using Pipeline.Contracts;

namespace Pipeline.DbConsumer;

/// <summary>An image of which something is to be written.</summary>
/// <param name="upsert">What.</param>
/// <param name="takenAt">When its first half came.</param>
/// <param name="number">Counts up.</param>
internal sealed class PendingImage(ImageUpsert upsert, DateTimeOffset takenAt, long number)
{
    public (string Id, ImageDigest? Digest) Key => (Upsert.Id, Upsert.Digest);

    public ImageUpsert Upsert { get; set; } = upsert;

    public DateTimeOffset TakenAt => takenAt;

    public long Number => number;

    /// <summary>Where it waits for its other half; null when it waits no longer.</summary>
    public WaitingLine? Line { get; set; }

    /// <summary>What it takes in memory while it waits.</summary>
    public int Bytes { get; set; }
}
