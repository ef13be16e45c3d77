using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts.Options;
using Pipeline.Contracts.Stored;

namespace Pipeline.Analytics;

/// <summary>How long the store's disk lasts, if images go on coming as they did today.</summary>
/// <param name="FreeBytes">Of the disk, whoever fills it.</param>
/// <param name="TotalBytes">The disk.</param>
/// <param name="StoredBytes">What the database takes of it.</param>
/// <param name="ImagesPerDay">At the rate of the last day, or since the first image where that is less.</param>
/// <param name="BytesPerDay">What these add, before anything is removed.</param>
/// <param name="SettlesAtBytes">Where the store stops growing, because as much is removed as comes; null where documents are kept for ever.</param>
/// <param name="DaysLeft">Until it is full; null where it does not get full, and while nothing comes.</param>
internal sealed record DiskState(
    long FreeBytes, long TotalBytes, long StoredBytes, long ImagesPerDay, long BytesPerDay, long? SettlesAtBytes, double? DaysLeft)
{
    /// <param name="ageDays">Of the oldest document.</param>
    /// <param name="picture">Bytes of a picture.</param>
    /// <param name="rest">Bytes of its document without it.</param>
    public static DiskState Of(long free, long total, long stored, double imagesPerDay, double ageDays, double picture, double rest, KeepOptions keep)
    {
        var (pictureDays, documentDays) = (Days(keep.AgeOfImages() ?? keep.AgeOfDocuments()), Days(keep.AgeOfDocuments()));
        var settlesAt = imagesPerDay * (picture * pictureDays + rest * documentDays);
        // While the oldest pictures and documents are younger than they may get, both add; then documents alone; then nothing.
        var (left, days) = ((double)free, 0d);
        foreach (var (bytesPerDay, until) in new[] { (picture + rest, pictureDays - ageDays), (rest, documentDays - ageDays) })
        {
            var growth = Math.Min(left, imagesPerDay * bytesPerDay * (until - days));
            if (imagesPerDay * bytesPerDay > 0 && until > days)
            {
                days += growth / (imagesPerDay * bytesPerDay);
                left -= growth;
            }
        }
        return new(free, total, stored, (long)imagesPerDay, (long)(imagesPerDay * (picture + rest)),
            double.IsFinite(settlesAt) ? (long)settlesAt : null, left <= 0 && imagesPerDay > 0 ? days : null);

        static double Days(TimeSpan? age) => age?.TotalDays ?? double.PositiveInfinity;
    }
}

/// <summary>Asks the store how large it is, how many images came today, and how large the latest are.</summary>
internal sealed class DiskView(IMongoCollection<StoredImage> images, IOptions<KeepOptions> keep, TimeProvider time)
{
    /// <summary>It changes slowly, and the count of a day's images is no small question.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Today = TimeSpan.FromDays(1);

    private const int Sample = 200;

    private const string StoredAt = nameof(StoredImage.StoredAt);
    private const string Data = $"${nameof(StoredImage.Image)}.{nameof(StoredPicture.Data)}";

    private static readonly BsonDocument[] Sizes =
    [
        new("$match", new BsonDocument(Data[1..], new BsonDocument("$type", "binData"))),
        new("$sort", new BsonDocument(StoredAt, -1)),
        new("$limit", Sample),
        new("$group", new BsonDocument
        {
            { "_id", BsonNull.Value },
            { "document", new BsonDocument("$avg", new BsonDocument("$bsonSize", "$$ROOT")) },
            { "picture", new BsonDocument("$avg", new BsonDocument("$binarySize", Data)) },
        }),
    ];

    private readonly IMongoCollection<BsonDocument> _documents = images.Database.GetCollection<BsonDocument>(images.CollectionNamespace.CollectionName);
    private DiskState? _latest;
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;

    /// <summary>Null where the store does not say, or has no pictures.</summary>
    public async Task<DiskState?> ReadAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - _readAt >= GoodFor || _latest is null)
        {
            (_latest, _readAt) = (await MeasureAsync(now, cancellationToken), now);
        }
        return _latest;
    }

    private async Task<DiskState?> MeasureAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        BsonDocument disk;
        try
        {
            disk = await images.Database.RunCommandAsync<BsonDocument>(new BsonDocument("dbStats", 1), cancellationToken: cancellationToken);
        }
        catch (MongoCommandException)                        // whoever may read images need not be allowed this
        {
            return null;
        }
        using var cursor = await _documents.AggregateAsync<BsonDocument>(Sizes, cancellationToken: cancellationToken);
        if (await cursor.FirstOrDefaultAsync(cancellationToken) is not { } sizes || !disk.Contains("fsTotalSize"))
        {
            return null;
        }
        var today = new BsonDocument(StoredAt, new BsonDocument("$gte", (now - Today).UtcDateTime));
        var count = await _documents.CountDocumentsAsync(today, cancellationToken: cancellationToken);
        var oldest = await _documents.Find(new BsonDocument(StoredAt, new BsonDocument("$type", "date")))
            .Sort(new BsonDocument(StoredAt, 1)).Limit(1).Project(new BsonDocument(StoredAt, 1)).FirstOrDefaultAsync(cancellationToken);
        var age = oldest is null ? Today : now - oldest[StoredAt].ToUniversalTime();
        var days = Math.Clamp(age / Today, GoodFor / Today, 1);
        var (total, used, picture) = (disk["fsTotalSize"].ToInt64(), disk["fsUsedSize"].ToInt64(), sizes["picture"].ToDouble());
        return DiskState.Of(total - used, total, disk["totalSize"].ToInt64(), count / days, age / Today, picture, sizes["document"].ToDouble() - picture, keep.Value);
    }
}
