using MongoDB.Bson;
using MongoDB.Driver;

namespace Pipeline.Analytics;

/// <summary>Reads when the latest images were captured, inferred and stored: by index, in order of arrival, no further than asked.</summary>
internal static class RecentTimes
{
    /// <summary>Images looked at in one go. Where more came, the time before them stays unknown.</summary>
    public const int MaxImages = 20_000;

    private static readonly SortDefinition<BsonDocument> NewestFirst = Builders<BsonDocument>.Sort.Descending("StoredAt");

    private static readonly BsonDocument Fields = new()
    {
        { "_id", 0 }, { "producer_id", 1 }, { "CapturedAt", 1 }, { "ClaimedCapturedAt", 1 }, { "InferredAt", 1 }, { "StoredAt", 1 }, { "GroundTruth", 1 },
        { "InferredValue", 1 }, { "Image.Width", 1 },
    };

    /// <summary>The images stored since some time, newest first, and from when on they are all.</summary>
    public static async Task<(IReadOnlyList<ImageTimes> Images, DateTimeOffset From)> ReadAsync(
        IMongoCollection<BsonDocument> images, DateTimeOffset from, CancellationToken cancellationToken)
    {
        var documents = await images.Find(Builders<BsonDocument>.Filter.Gte("StoredAt", from.UtcDateTime))
            .Sort(NewestFirst).Limit(MaxImages).Project(Fields).ToListAsync(cancellationToken);
        var times = documents.ConvertAll(Read);
        // The second in which the limit cut is not whole.
        var isCut = times.Count == MaxImages && times[^1].StoredAt > from.UtcDateTime;
        return (times, isCut ? new DateTimeOffset(times[^1].StoredAt!.Value).AddSeconds(1) : from);
    }

    private static ImageTimes Read(BsonDocument document)
    {
        var inferred = document.TryGetValue("InferredValue", out var value) ? value : null;
        bool? isCorrect = inferred is not null && document.Contains("Image")
            ? document.TryGetValue("GroundTruth", out var truth) && inferred == truth
            : null;
        return new ImageTimes(
            document.TryGetValue("producer_id", out var producer) && producer.IsString ? producer.AsString : "unknown",
            Time(document, "ClaimedCapturedAt") ?? Time(document, "CapturedAt"), Time(document, "InferredAt"), Time(document, "StoredAt"), isCorrect);
    }

    private static DateTime? Time(BsonDocument document, string name) =>
        document.TryGetValue(name, out var value) && value.IsValidDateTime ? value.ToUniversalTime() : null;
}
