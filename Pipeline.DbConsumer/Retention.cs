using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts.Options;
using Pipeline.Contracts.Stored;

namespace Pipeline.DbConsumer;

/// <summary>
/// Takes the pictures out of documents that are older than <c>Keep:Images</c>: the bytes alone, so that predictions, counts and what the picture was
/// stay. Whole documents the store deletes itself, by the index that <see cref="ImageStore.EnsureIndexesAsync"/> makes.
/// </summary>
/// <remarks>
/// How far it got is kept beside the images: else each start would walk through all documents whose pictures have gone. Replicas do the same work, which
/// changes nothing the second time.
/// </remarks>
internal sealed class Retention(IMongoCollection<StoredImage> images, KeepOptions keep, TimeProvider time)
{
    /// <summary>The collection with one document.</summary>
    public const string Collection = "retention";

    /// <summary>Pictures of one write: a moment for those who write images.</summary>
    private const int BatchPictures = 500;

    private const string Data = $"{nameof(StoredImage.Image)}.{nameof(StoredPicture.Data)}";
    private const string RemovedAt = $"{nameof(StoredImage.Image)}.{nameof(StoredPicture.RemovedAt)}";
    private const string StoredAt = nameof(StoredImage.StoredAt);

    private static readonly BsonDocument Pictures = new("_id", "pictures");
    private static readonly BsonDocument DoneField = new("Until", 1);

    private readonly IMongoCollection<BsonDocument> _documents = images.Untyped();
    private readonly IMongoCollection<BsonDocument> _progress = images.Database.GetCollection<BsonDocument>(Collection);

    /// <summary>One round: what is too old now.</summary>
    /// <returns>Pictures that have gone.</returns>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var gone = keep.AgeOfImages() is { } age ? await RemovePicturesAsync(now, now - age, cancellationToken) : 0;
        if (keep.AgeOfDocuments() is { } documents)
        {
            await RemoveTruthsAsync(now - documents, cancellationToken);
        }
        return gone;
    }

    private async Task<long> RemovePicturesAsync(DateTime now, DateTime before, CancellationToken cancellationToken)
    {
        var progress = await _progress.Find(Pictures).Project(DoneField).FirstOrDefaultAsync(cancellationToken);
        BsonValue from = progress is not null && progress.TryGetValue("Until", out var until) ? until : BsonMinKey.Value;
        var gone = 0L;
        while (true)
        {
            var range = new BsonDocument { { "$lt", before } };
            if (from is BsonDateTime)
            {
                range.Add("$gte", from);
            }
            var batch = await _documents.Find(new BsonDocument { { StoredAt, range }, { Data, new BsonDocument("$exists", true) } })
                .Sort(new BsonDocument(StoredAt, 1)).Limit(BatchPictures).Project(new BsonDocument(StoredAt, 1)).ToListAsync(cancellationToken);
            if (batch.Count > 0)
            {
                var written = await _documents.UpdateManyAsync(
                    new BsonDocument("_id", new BsonDocument("$in", new BsonArray(batch.Select(document => document["_id"])))),
                    new BsonDocument { { "$unset", new BsonDocument(Data, "") }, { "$set", new BsonDocument(RemovedAt, now) } },
                    cancellationToken: cancellationToken);
                gone += written.ModifiedCount;
                from = batch[^1][StoredAt];
            }
            // Those of one instant may fill several batches: the next one begins with it.
            if (batch.Count < BatchPictures)
            {
                await _progress.UpdateOneAsync(
                    Pictures, new BsonDocument("$max", new BsonDocument("Until", before)), new UpdateOptions { IsUpsert = true }, cancellationToken);
                return gone;
            }
        }
    }

    /// <summary>Truths whose image never came have no time of storing, by which the store would delete them.</summary>
    private Task<DeleteResult> RemoveTruthsAsync(DateTime before, CancellationToken cancellationToken) => _documents.DeleteManyAsync(
        new BsonDocument
        {
            { StoredAt, BsonNull.Value },
            { nameof(StoredImage.TruthAt), new BsonDocument("$lt", before) },
            { nameof(StoredImage.InferredValue), new BsonDocument("$exists", false) },
            { nameof(StoredImage.Image), new BsonDocument("$exists", false) },
        },
        cancellationToken);
}

/// <summary>Runs it as long as the service runs, several times within the age of what it removes.</summary>
internal sealed class RetentionWorker(Retention retention, KeepOptions keep, StoreRetry retry, TimeProvider time, ILogger<RetentionWorker> log) : BackgroundService
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(1);

    private const int RoundsWithinAge = 10;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if ((keep.AgeOfImages() ?? keep.AgeOfDocuments()) is not { } age)
        {
            return;
        }
        var interval = age / RoundsWithinAge;
        using var timer = new PeriodicTimer(interval < LongestInterval ? interval : LongestInterval, time);
        try
        {
            do
            {
                var gone = await retry.RunAsync(() => retention.RunAsync(stoppingToken), stoppingToken);
                if (gone > 0)
                {
                    log.PicturesRemoved(gone);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left goes after the next start.
        }
    }
}
