using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.Contracts.Stored;
using Pipeline.ServiceDefaults;

namespace Pipeline.DbConsumer;

/// <summary>What became of a batch otherwise than as usual.</summary>
/// <param name="Repeats">The same image again: a redelivery, and harmless.</param>
/// <param name="RenamedCount">Images whose id another image has; stored under an id of their own.</param>
/// <param name="Refused">What the store will not take however often it is written, and its reason: an index or a rule that somebody made.</param>
internal sealed record WriteOutcome(
    IReadOnlyList<ImageUpsert> Repeats, int RenamedCount, IReadOnlyList<(ImageUpsert Upsert, string Reason)> Refused);

/// <summary>
/// The collection of images: idempotent writes by image id. Any write may be repeated, by us after a lost connection or by Kafka after
/// a crash, and leaves what one write would have left.
/// </summary>
internal sealed class ImageStore(IMongoCollection<StoredImage> images, KeepOptions keep, StoreRetry retry, TimeProvider time)
{
    /// <summary>Rounds until every id of a batch is settled. Each settles all but the ids that another replica touched meanwhile.</summary>
    private const int MaxRounds = 8;

    private const string StoredAtIndex = $"{nameof(StoredImage.StoredAt)}_-1";

    /// <summary>There is such an index with other options.</summary>
    private const int IndexOptionsConflict = 85;

    private static readonly BulkWriteOptions Unordered = new() { IsOrdered = false };

    private readonly IMongoCollection<BsonDocument> _documents = images.Untyped();

    /// <summary>The collection in the database that the connection string names.</summary>
    public static IMongoCollection<StoredImage> CollectionOf(IServiceProvider services)
    {
        var database = services.GetService<IMongoDatabase>() ?? services.GetRequiredService<IMongoClient>().GetDatabase(StoredImage.Database);
        return database.GetCollection<StoredImage>(StoredImage.Collection);
    }

    /// <summary>Makes the indexes; where they are already there, nothing happens.</summary>
    /// <remarks>
    /// One only, because each costs a write per image. <c>StoredAt</c>, newest first: what people look at is what came last, and that our clock
    /// tells; a camera's may be a year off. Counting per producer or class reads every document anyway; looking up by id is what <c>_id</c> is for.
    /// The store deletes by it what is older than <c>Keep:Documents</c>; where that has changed since, the index is made anew.
    /// </remarks>
    public Task EnsureIndexesAsync(CancellationToken cancellationToken) =>
        retry.StartAsync(
            async () =>
            {
                var wanted = new CreateIndexModel<StoredImage>(
                    Builders<StoredImage>.IndexKeys.Descending(image => image.StoredAt), new CreateIndexOptions { ExpireAfter = keep.AgeOfDocuments() });
                try
                {
                    await images.Indexes.CreateOneAsync(wanted, cancellationToken: cancellationToken);
                }
                catch (MongoCommandException changed) when (changed.Code == IndexOptionsConflict)
                {
                    await images.Indexes.DropOneAsync(StoredAtIndex, cancellationToken);
                    await images.Indexes.CreateOneAsync(wanted, cancellationToken: cancellationToken);
                }
            },
            cancellationToken);

    /// <summary>Writes the halves of all these images; returns when the store has acknowledged them.</summary>
    /// <param name="upserts">One an image.</param>
    /// <param name="cancellationToken">Ends the wait for a store that is away.</param>
    /// <param name="issuedAt">When they are stored, if at once; traces and documents then tell the same instant. Now, where nobody says.</param>
    public async Task<WriteOutcome> WriteAsync(IReadOnlyCollection<ImageUpsert> upserts, CancellationToken cancellationToken, DateTimeOffset? issuedAt = null)
    {
        List<ImageUpsert> repeats = [];
        var renamedCount = 0;
        List<(ImageUpsert, string)> refused = [];
        var open = upserts.ToList();
        for (var round = 0; open.Count > 0; round++)
        {
            if (round == MaxRounds)
            {
                throw new InvalidOperationException($"The store reports duplicate keys for images it does not have, {open[0].Id} among them.");
            }
            var isFirst = round == 0;
            var errors = await retry.RunAsync(() => WriteOpenAsync(isFirst), cancellationToken);
            refused.AddRange(errors.Where(error => !WriteFault.IsTakenId(error)).Select(error => (open[error.Index], error.Message)));
            var taken = errors.Where(WriteFault.IsTakenId).Select(error => open[error.Index]).ToList();
            renamedCount += open.Count(IsRenamedImage) - errors.Count(error => IsRenamedImage(open[error.Index]));
            open = taken.Count == 0 ? [] : await SettleAsync(taken, repeats, cancellationToken);
        }
        return new WriteOutcome(repeats, renamedCount, refused);

        Task<IReadOnlyList<BulkWriteError>> WriteOpenAsync(bool isFirst)
        {
            var at = issuedAt ?? time.GetUtcNow();
            issuedAt = null;                                 // what is tried again is stored later
            return WriteAsync(open.Select(upsert => ImageDocument.ToWrite(upsert, at, isFirst)), cancellationToken);
        }

        static bool IsRenamedImage(ImageUpsert upsert) => upsert is { IsRenamed: true, Image: not null };
    }

    /// <summary>Puts truths into the documents of their images. Where an image has not come yet, its document is begun, and the image joins it.</summary>
    /// <returns>What the store will not take, and its reason.</returns>
    public async Task<IReadOnlyList<(GivenTruth Truth, string Reason)>> WriteAsync(IReadOnlyList<GivenTruth> truths, CancellationToken cancellationToken)
    {
        var (open, refused) = (truths, new List<(GivenTruth, string)>());
        foreach (var isUpsert in (bool[])[true, false])
        {
            if (open.Count == 0)
            {
                break;
            }
            var writes = open.Select(truth => new UpdateOneModel<BsonDocument>(TruthUpdate.FilterOf(truth), TruthUpdate.Of(truth)) { IsUpsert = isUpsert });
            var errors = await retry.RunAsync(() => WriteAsync(writes, cancellationToken), cancellationToken);
            refused.AddRange(errors.Where(error => !WriteFault.IsTakenId(error)).Select(error => (open[error.Index], error.Message)));
            // A later truth is there, or the document has come just now: an update alone, which need not match, settles both.
            open = [.. errors.Where(WriteFault.IsTakenId).Select(error => open[error.Index])];
        }
        return refused;
    }

    /// <summary>One bulk for all. Returns what was refused for a reason of its own, by its place in the list.</summary>
    private async Task<IReadOnlyList<BulkWriteError>> WriteAsync(IEnumerable<WriteModel<BsonDocument>> writes, CancellationToken cancellationToken)
    {
        try
        {
            await _documents.BulkWriteAsync(writes, Unordered, cancellationToken: cancellationToken);
            return [];
        }
        catch (MongoBulkWriteException<BsonDocument> exception)
            when (exception.WriteConcernError is null && exception.WriteErrors.All(WriteFault.IsOfTheDocument))
        {
            return exception.WriteErrors;
        }
    }

    /// <summary>Finds out why ids were refused. Returns what is still to be written.</summary>
    private async Task<List<ImageUpsert>> SettleAsync(
        IReadOnlyList<ImageUpsert> refused, List<ImageUpsert> repeats, CancellationToken cancellationToken)
    {
        var stored = await retry.RunAsync(() => FindAsync(refused.Select(upsert => upsert.Id), cancellationToken), cancellationToken);
        List<ImageUpsert> open = [];
        foreach (var upsert in refused)
        {
            if (!stored.TryGetValue(upsert.Id, out var document))
            {
                open.Add(upsert);           // deleted meanwhile: once more
                continue;
            }
            if (ImageDocument.IsOfAnother(document, upsert))
            {
                open.Add(upsert.Renamed());
                continue;
            }
            if (upsert.Image is null || document.Image is null)
            {
                // A prediction or a truth was there first, or another replica inserted the document between our look-up and our insert: once more.
                open.Add(upsert with { IsTruthGiven = document.TruthAt is not null });
                continue;
            }
            repeats.Add(upsert);
            if (upsert.Result is not null)
            {
                open.Add(upsert.WithoutImage());
            }
        }
        return open;
    }

    private async Task<Dictionary<string, StoredImage>> FindAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        var documents = await images.Find(Builders<StoredImage>.Filter.In(image => image.Id, ids)).ToListAsync(cancellationToken);
        return documents.ToDictionary(document => document.Id!, StringComparer.Ordinal);
    }
}
