using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;

namespace Pipeline.DbConsumer;

/// <summary>
/// The stored shape: one document per image, written in two halves that may come in either order and any number of times.
/// </summary>
/// <remarks>
/// <code>
/// _id            image id
/// producer_id    image half; the inference half only where it inserts the document
/// GroundTruth    likewise
/// CapturedAt     image half; when it came, where the camera's clock cannot be believed
/// ClaimedCapturedAt  image half, only then: what the camera said
/// Image          image half: { Width, Height, Format: "RGB24" | "PNG", Data: binary }
/// InferredValue  inference half; absent until inferred
/// Confidence     inference half, 0..1; absent where the message does not say
/// Probabilities  inference half, ten in label order; absent where the message does not say
/// Model          inference half, "name:version"; absent where the message does not say
/// InferredAt     inference half
/// ImageDigest    either half: which image the document is of, 16 bytes; absent where only a prediction came that does not say
/// StoredAt       when the last half was written
/// </code>
/// Each half sets its own fields and neither replaces the document, so the two commute. An image half applies only where no
/// image is: the first picture under an id stays. An inference half applies to the image that it was made from: the last prediction wins,
/// so a better model may go over old images again. Another image under a known id has a document of its own (<see cref="ImageUpsert.Renamed"/>). The field names are older than this program; the queries of its users depend on them.
/// </remarks>
internal static class ImageDocument
{
    public const string Rgb24Format = "RGB24";

    public const string PngFormat = "PNG";

    private const string DigestField = "ImageDigest";

    /// <summary>The write that puts one image's halves into its document, and makes the document where there is none.</summary>
    /// <remarks>
    /// Where the image is already there, or the document is of another image, the filter matches nothing and the upsert fails with a duplicate key: that is how the store
    /// itself, and not a read before the write, tells us of an id that came twice.
    /// </remarks>
    public static UpdateOneModel<BsonDocument> ToUpdate(ImageUpsert upsert, DateTimeOffset now)
    {
        var filter = new BsonDocument("_id", upsert.Id);
        var set = new BsonDocument();
        var update = new BsonDocument("$set", set);
        if (upsert.Digest is { } digest)
        {
            var bytes = new BsonBinaryData(digest.ToBytes());
            filter.Add(DigestField, new BsonDocument("$in", new BsonArray { bytes, BsonNull.Value }));      // this one, or none yet
            set.Add(DigestField, bytes);
        }
        if (upsert.Image is { } image)
        {
            filter.Add("Image", new BsonDocument("$exists", false));
            AddImage(set, image, now);
        }
        if (upsert.Result is { } result)
        {
            AddResult(set, result);
            if (upsert.Image is null)
            {
                update.Add("$setOnInsert", new BsonDocument { { "producer_id", result.ProducerId }, { "GroundTruth", result.GroundTruth } });
            }
        }
        update.Add("$max", new BsonDocument("StoredAt", now.UtcDateTime));
        return new UpdateOneModel<BsonDocument>(filter, update) { IsUpsert = true };
    }

    /// <summary>Whether the document is of another image; one from before there were digests is told by its pixels.</summary>
    public static bool IsOfAnother(BsonDocument document, ImageUpsert upsert) =>
        document.TryGetValue(DigestField, out var stored)
            ? upsert.Digest is { } digest && stored != new BsonBinaryData(digest.ToBytes())
            : upsert.Image is { } image && HasImage(document) && !IsSameImage(document, image);

    public static bool HasImage(BsonDocument document) => document.Contains("Image");

    /// <summary>Whether the document's image half is what this image would have written.</summary>
    private static bool IsSameImage(BsonDocument document, CapturedImage image)
    {
        var fields = new BsonDocument();
        AddImage(fields, image, image.CapturedAt);
        fields.Remove("CapturedAt");        // for messages that carry no capture time it is the time of sending, and that differs
        return fields.Elements.All(field => document.TryGetValue(field.Name, out var stored) && stored == field.Value);
    }

    private static void AddImage(BsonDocument set, CapturedImage image, DateTimeOffset arrivedAt)
    {
        set.Add("producer_id", image.ProducerId);
        set.Add("GroundTruth", image.GroundTruth);
        if (CaptureTime.IsPlausible(image.CapturedAt, arrivedAt))
        {
            set.Add("CapturedAt", image.CapturedAt.UtcDateTime);
        }
        else
        {
            set.Add("CapturedAt", arrivedAt.UtcDateTime);
            set.Add("ClaimedCapturedAt", image.CapturedAt.UtcDateTime);
        }
        set.Add("Image", new BsonDocument
        {
            { "Width", image.Pixels.Width },
            { "Height", image.Pixels.Height },
            { "Format", image.Format == PixelFormat.Png ? PngFormat : Rgb24Format },
            { "Data", new BsonBinaryData(image.Data.ToArray()) },
        });
    }

    private static void AddResult(BsonDocument set, InferenceResult result)
    {
        set.Add("InferredValue", result.InferredValue);
        if (result.Confidence is { } confidence)
        {
            set.Add("Confidence", (double)confidence);
        }
        if (!result.Probabilities.IsEmpty)
        {
            set.Add("Probabilities", new BsonArray(result.Probabilities.ToArray().Select(probability => (double)probability)));
        }
        if (result.ModelName is { } model)
        {
            set.Add("Model", result.ModelVersion is { } version ? $"{model}:{version}" : model);
        }
        set.Add("InferredAt", result.InferredAt.UtcDateTime);
    }
}
