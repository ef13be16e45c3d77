using MongoDB.Driver;
using Pipeline.Contracts.Stored;

namespace Pipeline.Analytics;

/// <summary>Reads when the latest images were captured, inferred and stored: by index, in order of arrival, no further than asked.</summary>
internal static class RecentTimes
{
    /// <summary>Images looked at in one go. Where more came, the time before them stays unknown.</summary>
    public const int MaxImages = 20_000;

    private static readonly SortDefinition<StoredImage> NewestFirst = Builders<StoredImage>.Sort.Descending(image => image.StoredAt);

    private static readonly ProjectionDefinition<StoredImage, StoredImage> Fields = Builders<StoredImage>.Projection
        .Include(image => image.ProducerId).Include(image => image.CapturedAt).Include(image => image.ClaimedCapturedAt).Include(image => image.InferredAt)
        .Include(image => image.StoredAt).Include(image => image.GroundTruth).Include(image => image.InferredValue).Include(image => image.Image!.Width)
        .Exclude(image => image.Id);

    /// <summary>The images stored since some time, newest first, and from when on they are all.</summary>
    public static async Task<(IReadOnlyList<ImageTimes> Images, DateTimeOffset From)> ReadAsync(
        IMongoCollection<StoredImage> images, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var documents = await images.Find(Builders<StoredImage>.Filter.Gte(image => image.StoredAt, from.UtcDateTime))
            .Sort(NewestFirst).Limit(MaxImages).Project(Fields).ToListAsync(cancellationToken);
        var times = documents.ConvertAll(image => new ImageTimes(
            image.ProducerId ?? StoredImage.Unknown, image.ClaimedCapturedAt ?? image.CapturedAt, image.InferredAt, image.StoredAt,
            image is { Image: not null, InferredValue: not null }, image.IsCorrect));
        // The second in which the limit cut is not whole.
        var isCut = times.Count == MaxImages && times[^1].StoredAt > from.UtcDateTime;
        return (times, isCut ? new DateTimeOffset(times[^1].StoredAt!.Value).AddSeconds(1) : from);
    }
}
