using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;

namespace Pipeline.Analytics;

/// <summary>One stored image as the API tells it: everything but the pixels.</summary>
/// <param name="InferredValue">Null until inferred.</param>
/// <param name="CapturedAt">By the camera's clock; when it came, where that clock cannot be believed.</param>
/// <param name="ClaimedCapturedAt">What the camera says, where it cannot be believed; else null.</param>
/// <param name="IsCorrect">Null until inferred.</param>
/// <param name="Confidence">0..1; null where the prediction does not say.</param>
/// <param name="HasImage">False while only the prediction has arrived.</param>
/// <param name="Probabilities">Ten, in label order; null where the prediction does not say.</param>
internal sealed record StoredImage(
    string Id, string ProducerId, string GroundTruth, string? InferredValue, bool? IsCorrect, double? Confidence, string? Model,
    DateTime? CapturedAt, DateTime? ClaimedCapturedAt, DateTime? InferredAt, DateTime? StoredAt, bool HasImage,
    IReadOnlyList<double>? Probabilities = null);

/// <summary>Reads single documents. Pixels leave the store only when somebody looks at them.</summary>
internal sealed class StoredImages(IMongoCollection<BsonDocument> images)
{
    public const int MaxRecent = 100;

    private static readonly ProjectionDefinition<BsonDocument> WithoutPixels = Builders<BsonDocument>.Projection.Exclude("Image.Data");

    // DbConsumer keeps an index in this order.
    private static readonly SortDefinition<BsonDocument> NewestFirst = Builders<BsonDocument>.Sort.Descending("StoredAt");

    /// <summary>The images that came last, or were inferred last, newest first.</summary>
    /// <param name="count">1 to <see cref="MaxRecent"/>.</param>
    public async Task<IReadOnlyList<StoredImage>> RecentAsync(int count, CancellationToken cancellationToken)
    {
        var documents = await images.Find(FilterDefinition<BsonDocument>.Empty).Sort(NewestFirst).Limit(count).Project(WithoutPixels).ToListAsync(cancellationToken);
        return [.. documents.Select(Read)];
    }

    public async Task<StoredImage?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var document = await images.Find(ById(id)).Project(WithoutPixels).FirstOrDefaultAsync(cancellationToken);
        return document is null ? null : Read(document);
    }

    /// <summary>Those of these ids that are stored, in no order.</summary>
    /// <param name="ids">A few.</param>
    public async Task<IReadOnlyList<StoredImage>> FindAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var documents = await images.Find(Builders<BsonDocument>.Filter.In("_id", ids)).Project(WithoutPixels).ToListAsync(cancellationToken);
        return [.. documents.Select(Read)];
    }

    /// <summary>The picture as a PNG file; null when there is none, or none that could be shown.</summary>
    public async Task<byte[]?> FindPngAsync(string id, CancellationToken cancellationToken)
    {
        var document = await images.Find(ById(id)).Project(Builders<BsonDocument>.Projection.Include("Image")).FirstOrDefaultAsync(cancellationToken);
        if (document is null || !document.TryGetValue("Image", out var value) || value is not BsonDocument image
            || !image.TryGetValue("Data", out var data) || !data.IsBsonBinaryData)
        {
            return null;
        }
        var bytes = data.AsBsonBinaryData.Bytes;
        var format = image.TryGetValue("Format", out var name) && name.IsString ? name.AsString : "";
        return format switch
        {
            "PNG" => bytes,
            "RGB24" when bytes.Length == Rgb24.ImageBytes => PngWriter.Write(new Rgb24(Rgb24.ImageWidth, Rgb24.ImageHeight, bytes)),
            _ => null,
        };
    }

    private static FilterDefinition<BsonDocument> ById(string id) => Builders<BsonDocument>.Filter.Eq("_id", id);

    private static StoredImage Read(BsonDocument document)
    {
        var (truth, inferred) = (Text(document, "GroundTruth") ?? "unknown", Text(document, "InferredValue"));
        return new StoredImage(
            Text(document, "_id") ?? document["_id"].ToString() ?? "",
            Text(document, "producer_id") ?? "unknown",
            truth,
            inferred,
            inferred is null ? null : inferred == truth,
            document.TryGetValue("Confidence", out var confidence) ? Number(confidence) : null,
            Text(document, "Model"),
            Time(document, "CapturedAt"),
            Time(document, "ClaimedCapturedAt"),
            Time(document, "InferredAt"),
            Time(document, "StoredAt"),
            document.Contains("Image"),
            Probabilities(document));
    }

    private static double[]? Probabilities(BsonDocument document) =>
        document.TryGetValue("Probabilities", out var value) && value is BsonArray list && list.Count == Labels.All.Count && list.All(one => Number(one) is not null)
            ? [.. list.Select(one => one.ToDouble())]
            : null;

    /// <summary>JSON has no NaN and no infinity; one such number must not take the answer from the others.</summary>
    private static double? Number(BsonValue value) => value.IsNumeric && value.ToDouble() is var number && double.IsFinite(number) ? number : null;

    private static string? Text(BsonDocument document, string name) =>
        document.TryGetValue(name, out var value) && value.IsString ? value.AsString : null;

    private static DateTime? Time(BsonDocument document, string name) =>
        document.TryGetValue(name, out var value) && value.IsValidDateTime ? value.ToUniversalTime() : null;
}
