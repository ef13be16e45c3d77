using MongoDB.Bson;
using MongoDB.Driver;

namespace Pipeline.Analytics;

/// <summary>Reads when the latest images were captured, inferred and stored: by index, newest first, no further than asked.</summary>
internal static class RecentTimes
{
    /// <summary>Images looked at in one go. Where more came, the time before them stays unknown.</summary>
    public const int MaxImages = 20_000;

    private const int BatchImages = 500;

    private static readonly SortDefinition<BsonDocument> NewestFirst = Builders<BsonDocument>.Sort.Descending("CapturedAt");

    private static readonly BsonDocument Fields = new()
    {
        { "_id", 0 }, { "CapturedAt", 1 }, { "InferredAt", 1 }, { "StoredAt", 1 }, { "GroundTruth", 1 }, { "InferredValue", 1 }, { "Image.Width", 1 },
    };

    /// <summary>The images stored since some time, and from when on they are all.</summary>
    public static async Task<(IReadOnlyList<ImageTimes> Images, DateTimeOffset From)> ReadAsync(
        IMongoCollection<BsonDocument> images, DateTimeOffset from, CancellationToken cancellationToken)
    {
        List<ImageTimes> times = [];
        using var cursor = await images.Find(FilterDefinition<BsonDocument>.Empty, new FindOptions { BatchSize = BatchImages })
            .Sort(NewestFirst).Limit(MaxImages).Project(Fields).ToCursorAsync(cancellationToken);
        while (await cursor.MoveNextAsync(cancellationToken))
        {
            var batch = cursor.Current.Select(Read).ToList();
            times.AddRange(batch);
            // Images are stored about in the order they were captured: a batch of old ones is followed by older ones.
            if (batch.TrueForAll(image => image.StoredAt < from.UtcDateTime))
            {
                return (times, from);
            }
        }
        return (times, times.Count < MaxImages ? from : Later(from, times[^1].StoredAt));
    }

    // The second in which the limit cut is not whole.
    private static DateTimeOffset Later(DateTimeOffset from, DateTime? oldest) =>
        oldest is { } time && time > from.UtcDateTime ? new DateTimeOffset(time).AddSeconds(1) : from;

    private static ImageTimes Read(BsonDocument document)
    {
        var inferred = document.TryGetValue("InferredValue", out var value) ? value : null;
        bool? isCorrect = inferred is not null && document.Contains("Image")
            ? document.TryGetValue("GroundTruth", out var truth) && inferred == truth
            : null;
        return new ImageTimes(Time(document, "CapturedAt"), Time(document, "InferredAt"), Time(document, "StoredAt"), isCorrect);
    }

    private static DateTime? Time(BsonDocument document, string name) =>
        document.TryGetValue(name, out var value) && value.IsValidDateTime ? value.ToUniversalTime() : null;
}
