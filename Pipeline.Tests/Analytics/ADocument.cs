using MongoDB.Bson;

namespace Pipeline.Tests.Analytics;

/// <summary>Documents as DbConsumer stores them, with honest defaults.</summary>
internal static class ADocument
{
    private static int _count;

    public static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    public static BsonDocument Of(string producer, string? truth, string? inferred = null, string? id = null, DateTime? capturedAt = null)
    {
        var at = capturedAt ?? Noon;
        var document = new BsonDocument
        {
            { "_id", id ?? $"image-{Interlocked.Increment(ref _count)}" },
            { "producer_id", producer },
            { "GroundTruth", truth, truth is not null },
            { "CapturedAt", at },
            { "StoredAt", at.AddSeconds(1) },
            { "Image", new BsonDocument { { "Width", 32 }, { "Height", 32 }, { "Format", "RGB24" },
                { "Data", new BsonBinaryData(new byte[32 * 32 * 3]) } } },
        };
        if (inferred is not null)
        {
            document.Add("InferredValue", inferred);
            document.Add("Confidence", 0.75);
            document.Add("InferredAt", at.AddSeconds(1));
        }
        return document;
    }

    /// <summary>A prediction whose image has not come yet.</summary>
    public static BsonDocument ResultOnly(string producer, string truth, string inferred)
    {
        var document = Of(producer, truth, inferred);
        document.Remove("Image");
        document.Remove("CapturedAt");
        return document;
    }
}
