using MongoDB.Bson;
using MongoDB.Bson.IO;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.Contracts.Stored;

namespace Pipeline.DbConsumer;

/// <summary>
/// The document of an image whose prediction is there already, with the fields that <see cref="ImageDocument"/> would set, and in that order. Written
/// straight as BSON: objects for twenty fields of every image would cost more than the rest of the way through this service.
/// </summary>
internal static class WholeDocument
{
    /// <summary>Room for everything but the picture; more is made where it does not suffice.</summary>
    private const int UsualBytes = 768;

    public static RawBsonDocument Of(string id, ImageDigest digest, CapturedImage image, InferenceResult result, DateTimeOffset now)
    {
        using var stream = new MemoryStream(image.Picture.Data.Length + UsualBytes);
        using (var writer = new BsonBinaryWriter(stream))
        {
            Write(writer, id, digest, image, result, now);
        }
        return new RawBsonDocument(new ByteArrayBuffer(stream.GetBuffer(), (int)stream.Length, isReadOnly: true));
    }

    private static void Write(BsonBinaryWriter writer, string id, ImageDigest digest, CapturedImage image, InferenceResult result, DateTimeOffset now)
    {
        writer.WriteStartDocument();
        writer.WriteString(StoredImage.IdField, id);
        writer.WriteBytes(nameof(StoredImage.ImageDigest), digest.ToBytes());
        WriteImage(writer, image, now);
        writer.WriteString(nameof(StoredImage.InferredValue), result.InferredValue);
        if (result.Confidence is { } confidence)
        {
            writer.WriteDouble(nameof(StoredImage.Confidence), confidence);
        }
        if (!result.Probabilities.IsEmpty)
        {
            writer.WriteStartArray(nameof(StoredImage.Probabilities));
            foreach (var probability in result.Probabilities.Span)
            {
                writer.WriteDouble(probability);
            }
            writer.WriteEndArray();
        }
        if (ImageDocument.ModelOf(result) is { } model)
        {
            writer.WriteString(nameof(StoredImage.Model), model);
        }
        WriteTime(writer, nameof(StoredImage.InferredAt), result.InferredAt);
        WriteTime(writer, nameof(StoredImage.StoredAt), now);
        writer.WriteEndDocument();
    }

    private static void WriteImage(BsonBinaryWriter writer, CapturedImage image, DateTimeOffset now)
    {
        var isPlausible = CaptureTime.IsPlausible(image.CapturedAt, now);
        writer.WriteString(StoredImage.ProducerIdField, image.ProducerId);
        writer.WriteString(nameof(StoredImage.GroundTruth), image.GroundTruth);
        WriteTime(writer, nameof(StoredImage.CapturedAt), isPlausible ? image.CapturedAt : now);
        if (!isPlausible)
        {
            WriteTime(writer, nameof(StoredImage.ClaimedCapturedAt), image.CapturedAt);
        }
        writer.WriteStartDocument(nameof(StoredImage.Image));
        writer.WriteInt32(nameof(StoredPicture.Width), image.Picture.Width);
        writer.WriteInt32(nameof(StoredPicture.Height), image.Picture.Height);
        writer.WriteString(nameof(StoredPicture.Format), image.Picture.Format.Name());
        writer.WriteBytes(nameof(StoredPicture.Data), image.Picture.Data.ToArray());
        writer.WriteEndDocument();
    }

    private static void WriteTime(BsonBinaryWriter writer, string name, DateTimeOffset time) =>
        writer.WriteDateTime(name, BsonUtils.ToMillisecondsSinceEpoch(time.UtcDateTime));
}
