using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.Contracts.Stored;

namespace Pipeline.DbConsumer;

/// <summary>
/// Puts what a shadow model said into the documents of its images, as <see cref="StoredImage.Shadow"/>. It makes no document and touches no other field, so
/// that images are counted, found and kept as if there were no shadow.
/// </summary>
/// <param name="retry">One of its own: whether the store takes images is for others to say.</param>
internal sealed class ShadowStore(IMongoCollection<StoredImage> images, StoreRetry retry, ILogger<ShadowStore> log)
{
    private static readonly BulkWriteOptions Unordered = new() { IsOrdered = false };

    private static readonly BsonDocument DigestField = new(nameof(StoredImage.ImageDigest), 1);

    private readonly IMongoCollection<BsonDocument> _documents = images.Untyped();

    /// <summary>Writes these; of an image that has one already this one takes its place.</summary>
    /// <param name="results">One an image, each with the digest of its own.</param>
    /// <returns>Those whose images are not there.</returns>
    public async Task<IReadOnlyList<InferenceResult>> WriteAsync(IReadOnlyList<InferenceResult> results, CancellationToken cancellationToken)
    {
        if (await UpdateAsync(results.Select(result => (result.ImageId, result)), cancellationToken) == results.Count)
        {
            return [];
        }

        // Some were not found: not stored yet, or under an id of their own, because another image had theirs. Those that a look finds now are written
        // again, for an image may have been stored since the write.
        var stored = await DigestsAsync(results.SelectMany(result => (string[])[result.ImageId, RenamedId(result)]), cancellationToken);
        var places = results.Select(result => (Id: PlaceOf(result), Result: result)).ToList();
        await UpdateAsync(places.Where(place => place.Id is not null).Select(place => (place.Id!, place.Result)), cancellationToken);
        return [.. places.Where(place => place.Id is null).Select(place => place.Result)];

        string? PlaceOf(InferenceResult result) => IsUnder(result.ImageId, result) ? result.ImageId : IsUnder(RenamedId(result), result) ? RenamedId(result) : null;

        bool IsUnder(string id, InferenceResult result) => stored.TryGetValue(id, out var digest) && (digest is null || digest == result.ImageDigest);
    }

    /// <returns>How many documents were found.</returns>
    private async Task<long> UpdateAsync(IEnumerable<(string Id, InferenceResult Result)> updates, CancellationToken cancellationToken)
    {
        UpdateOneModel<BsonDocument>[] writes = [.. updates.Select(update => UpdateOf(update.Id, update.Result))];
        if (writes.Length == 0)
        {
            return 0;
        }

        return await retry.RunAsync(async () =>
        {
            try
            {
                return (await _documents.BulkWriteAsync(writes, Unordered, cancellationToken)).MatchedCount;
            }
            catch (MongoBulkWriteException<BsonDocument> refused)
                when (refused.WriteConcernError is null && refused.WriteErrors.All(WriteFault.IsOfTheDocument))
            {
                log.ShadowsRefused(refused.WriteErrors.Count, refused.WriteErrors[0].Message);
                return refused.Result.MatchedCount + refused.WriteErrors.Count;
            }
        }, cancellationToken);
    }

    private static UpdateOneModel<BsonDocument> UpdateOf(string id, InferenceResult result)
    {
        var shadow = new BsonDocument();
        ImageDocument.AddResult(shadow, result);
        return new UpdateOneModel<BsonDocument>(ImageDocument.FilterOf(id, DigestOf(result)), new BsonDocument("$set", new BsonDocument(nameof(StoredImage.Shadow), shadow)));
    }

    private async Task<Dictionary<string, ImageDigest?>> DigestsAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var filter = new BsonDocument(StoredImage.IdField, new BsonDocument("$in", new BsonArray(ids)));
        var documents = await retry.RunAsync(() => _documents.Find(filter).Project(DigestField).ToListAsync(cancellationToken), cancellationToken);
        return documents.ToDictionary(
            document => document[StoredImage.IdField].AsString,
            document => document.GetValue(nameof(StoredImage.ImageDigest), null) is BsonBinaryData digest ? ImageDigest.From(digest.Bytes) : null);
    }

    private static string RenamedId(InferenceResult result) => ImageUpsert.RenamedId(result.ImageId, DigestOf(result));

    private static ImageDigest DigestOf(InferenceResult result) => result.ImageDigest!.Value;
}
