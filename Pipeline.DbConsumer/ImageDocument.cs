using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.Contracts.Stored;

namespace Pipeline.DbConsumer;

/// <summary>What is written of a <see cref="StoredImage"/>: two halves that may come in either order and any number of times.</summary>
/// <remarks>
/// Each half sets its own fields and neither replaces the document, so the two commute. An image half applies only where no
/// image is: the first picture under an id stays, and a truth that was given before it came. An inference half applies to the image that it
/// was made from: the last prediction wins, so a better model may go over old images again. Another image under a known id has a document of its own (<see cref="ImageUpsert.Renamed"/>).
/// Written as BSON and not through the class map: this is where every image passes.
/// </remarks>
internal static class ImageDocument
{
    /// <summary>The write that puts one image's halves into its document, and makes the document where there is none.</summary>
    /// <param name="upsert">The halves.</param>
    /// <param name="now">When they are stored.</param>
    /// <param name="isFirst">
    /// Nothing is known of the document yet: a whole image, which nearly every one is, is then inserted; the store need not look for
    /// anything to change. Where the id is taken, that fails, too.
    /// </param>
    public static WriteModel<BsonDocument> ToWrite(ImageUpsert upsert, DateTimeOffset now, bool isFirst) =>
        isFirst && upsert is { Image: { } image, Result: { } result, Digest: { } digest }
            ? new InsertOneModel<BsonDocument>(WholeOf(upsert.Id, digest, image, result, now))
            : ToUpdate(upsert, now);

    /// <remarks>
    /// Where the image is already there, or the document is of another image, the filter matches nothing and the upsert fails with a duplicate key: that is how the store
    /// itself, and not a read before the write, tells us of an id that came twice.
    /// </remarks>
    private static UpdateOneModel<BsonDocument> ToUpdate(ImageUpsert upsert, DateTimeOffset now)
    {
        var filter = FilterOf(upsert.Id, upsert.Digest);
        var set = new BsonDocument();
        var update = new BsonDocument("$set", set);
        if (upsert.Digest is { } digest)
        {
            set.Add(nameof(StoredImage.ImageDigest), digest.ToBytes());
        }
        if (upsert.Image is { } image)
        {
            filter.Add(nameof(StoredImage.Image), new BsonDocument("$exists", false));
            AddImage(set, image, now);
            if (!upsert.IsTruthGiven && AddTruth(set, image.GroundTruth))
            {
                filter.Add(nameof(StoredImage.TruthAt), TruthUpdate.NoTime);
            }
        }
        if (upsert.Result is { } result)
        {
            AddResult(set, result);
            if (!set.Contains(nameof(StoredImage.Labels)))
            {
                update.Add("$unset", new BsonDocument(nameof(StoredImage.Labels), ""));      // of another model's prediction
            }
            if (upsert.Image is null)
            {
                var onInsert = new BsonDocument(StoredImage.ProducerIdField, result.ProducerId);
                AddTruth(onInsert, result.GroundTruth);
                update.Add("$setOnInsert", onInsert);
            }
        }
        update.Add("$max", new BsonDocument(nameof(StoredImage.StoredAt), now.UtcDateTime));
        return new UpdateOneModel<BsonDocument>(filter, update) { IsUpsert = true };
    }

    /// <summary>The document of this image, or one that is of none yet; of whichever image, where there is no digest.</summary>
    public static BsonDocument FilterOf(string id, ImageDigest? digest)
    {
        var filter = new BsonDocument(StoredImage.IdField, id);
        return digest is { } known
            ? filter.Add(nameof(StoredImage.ImageDigest), new BsonDocument("$in", new BsonArray { known.ToBytes(), BsonNull.Value }))
            : filter;
    }

    private static BsonDocument WholeOf(string id, ImageDigest digest, CapturedImage image, InferenceResult result, DateTimeOffset now)
    {
        var document = new BsonDocument { { StoredImage.IdField, id }, { nameof(StoredImage.ImageDigest), digest.ToBytes() } };
        AddImage(document, image, now);
        AddTruth(document, image.GroundTruth);
        AddResult(document, result);
        return document.Add(nameof(StoredImage.StoredAt), now.UtcDateTime);
    }

    /// <summary>Whether the document is of another image; one from before there were digests is told by its pixels.</summary>
    public static bool IsOfAnother(StoredImage document, ImageUpsert upsert) =>
        document.ImageDigest is { } stored
            ? upsert.Digest is { } digest && !stored.AsSpan().SequenceEqual(digest.ToBytes())
            : upsert.Image is { } image && document.Image is { } picture && !IsSameImage(document, picture, image);

    /// <summary>Whether the document's image half is what this image would have written, but for its time: for messages that carry none it is that of sending.</summary>
    private static bool IsSameImage(StoredImage document, StoredPicture picture, CapturedImage image) =>
        document.ProducerId == image.ProducerId
        && (document.GroundTruth == image.GroundTruth || document.TruthAt is not null)
        && (picture.Width, picture.Height, picture.Format) == (image.Picture.Width, image.Picture.Height, image.Picture.Format.Name())
        && (picture.Data is null || image.Picture.Data.Span.SequenceEqual(picture.Data));       // gone where it was older than pictures are kept

    private static void AddImage(BsonDocument set, CapturedImage image, DateTimeOffset arrivedAt)
    {
        var isPlausible = CaptureTime.IsPlausible(image.CapturedAt, arrivedAt);
        set.Add(StoredImage.ProducerIdField, image.ProducerId);
        set.Add(nameof(StoredImage.CapturedAt), (isPlausible ? image.CapturedAt : arrivedAt).UtcDateTime);
        if (!isPlausible)
        {
            set.Add(nameof(StoredImage.ClaimedCapturedAt), image.CapturedAt.UtcDateTime);
        }
        set.Add(nameof(StoredImage.Image), new BsonDocument
        {
            { nameof(StoredPicture.Width), image.Picture.Width },
            { nameof(StoredPicture.Height), image.Picture.Height },
            { nameof(StoredPicture.Format), image.Picture.Format.Name() },
            { nameof(StoredPicture.Data), new BsonBinaryData(image.Picture.Data.ToArray()) },
        });
    }

    /// <summary>Where nobody knows the truth there is no field, so that nobody's query takes it for one.</summary>
    private static bool AddTruth(BsonDocument set, string? truth)
    {
        if (truth is null)
        {
            return false;
        }

        set.Add(nameof(StoredImage.GroundTruth), truth);
        return true;
    }

    /// <summary>A prediction's own fields.</summary>
    public static void AddResult(BsonDocument set, InferenceResult result)
    {
        set.Add(nameof(StoredImage.InferredValue), result.InferredValue);
        if (result.Confidence is { } confidence)
        {
            set.Add(nameof(StoredImage.Confidence), (double)confidence);
        }
        if (!result.Probabilities.IsEmpty)
        {
            set.Add(nameof(StoredImage.Probabilities), new BsonArray(result.Probabilities.ToArray().Select(probability => (double)probability)));
            if (!ReferenceEquals(result.ClassLabels, Labels.All))
            {
                set.Add(nameof(StoredImage.Labels), new BsonArray(result.ClassLabels));
            }
        }
        if (ModelOf(result) is { } model)
        {
            set.Add(nameof(StoredImage.Model), model);
        }
        set.Add(nameof(StoredImage.InferredAt), result.InferredAt.UtcDateTime);
    }

    private static string? ModelOf(InferenceResult result) => result.ModelVersion is { } version && result.ModelName is { } model ? $"{model}:{version}" : result.ModelName;
}
