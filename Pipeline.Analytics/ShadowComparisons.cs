using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts.Stored;
using static Pipeline.Analytics.StoreExpressions;

namespace Pipeline.Analytics;

/// <summary>Compares what the live model and its shadow said of the same images: one count of all, and a look at the times of the latest.</summary>
internal static class ShadowComparisons
{
    /// <summary>Pairs of versions told; the latest are those that run.</summary>
    public const int MaxPairs = 10;

    /// <summary>Images whose times are looked at, for all pairs together.</summary>
    public const int MaxTimes = 20_000;

    /// <summary>What took longer was classified again later, or a camera's clock is off: then it tells nothing of the models.</summary>
    public static readonly TimeSpan MaxLatency = TimeSpan.FromMinutes(10);

    private const string Inferred = "$" + nameof(StoredImage.InferredValue);
    private const string ShadowInferred = $"${ShadowsInferred}";
    private const string GroundTruth = "$" + nameof(StoredImage.GroundTruth);
    private const string ShadowsInferred = $"{nameof(StoredImage.Shadow)}.{nameof(StoredShadow.InferredValue)}";
    private const string ShadowsModel = $"{nameof(StoredImage.Shadow)}.{nameof(StoredShadow.Model)}";

    private static readonly ProjectionDefinition<StoredImage, StoredImage> Times = Builders<StoredImage>.Projection
        .Include(image => image.Model).Include(image => image.CapturedAt).Include(image => image.InferredAt)
        .Include(ShadowsModel).Include($"{nameof(StoredImage.Shadow)}.{nameof(StoredShadow.InferredAt)}")
        .Exclude(image => image.Id);

    /// <summary>The pair of versions that ran last comes first.</summary>
    /// <param name="since">When the run to count began; null: all count.</param>
    public static async Task<IReadOnlyList<ShadowComparison>> ReadAsync(
        IMongoCollection<StoredImage> images, CancellationToken cancellationToken, DateTimeOffset? since = null)
    {
        var both = BothSince(since);
        using var cursor = await images.AggregateAsync<BsonDocument>(Stages(both), new AggregateOptions { AllowDiskUse = true }, cancellationToken);
        var comparisons = (await cursor.ToListAsync(cancellationToken)).ConvertAll(ComparisonOf);
        if (comparisons.Count == 0)
        {
            return comparisons;
        }

        var newestFirst = Builders<StoredImage>.Sort.Descending(image => image.StoredAt);
        var latest = await images.Find(both).Sort(newestFirst).Limit(MaxTimes).Project(Times).ToListAsync(cancellationToken);
        var times = latest.Where(image => IsLatency(image.InferredAt - image.CapturedAt) && IsLatency(image.Shadow?.InferredAt - image.CapturedAt))
            .ToLookup(image => (image.Model, image.Shadow?.Model));
        return comparisons.ConvertAll(pair => WithLatency(pair, times[(pair.Model, pair.ShadowModel)]));
    }

    private static ShadowComparison WithLatency(ShadowComparison pair, IEnumerable<StoredImage> latest) => pair with
    {
        Latency = Percentiles.Of(latest.Select(image => Milliseconds(image.InferredAt - image.CapturedAt))),
        ShadowLatency = Percentiles.Of(latest.Select(image => Milliseconds(image.Shadow!.InferredAt - image.CapturedAt))),
    };

    /// <summary>Images with both predictions.</summary>
    private static BsonDocument BothSince(DateTimeOffset? since)
    {
        var isText = new BsonDocument("$type", "string");
        var both = new BsonDocument { { nameof(StoredImage.InferredValue), isText }, { ShadowsInferred, isText } };
        return since is { } from ? both.Add(nameof(StoredImage.StoredAt), new BsonDocument("$gte", from.UtcDateTime)) : both;
    }

    private static BsonDocument[] Stages(BsonDocument both)
    {
        var hasTruth = IsText(GroundTruth);
        return
        [
            new BsonDocument("$match", both),
            new BsonDocument("$group", new BsonDocument
            {
                { "_id", new BsonDocument { { "model", "$" + nameof(StoredImage.Model) }, { "shadow", "$" + ShadowsModel } } },
                { "images", new BsonDocument("$sum", 1) },
                { "agreed", CountOf(Call("$eq", Inferred, ShadowInferred)) },
                { "compared", CountOf(hasTruth) },
                { "correct", CountOf(Call("$and", hasTruth, Call("$eq", Inferred, GroundTruth))) },
                { "shadowCorrect", CountOf(Call("$and", hasTruth, Call("$eq", ShadowInferred, GroundTruth))) },
                { "last", new BsonDocument("$max", DateOrNull("$" + nameof(StoredImage.StoredAt))) },
            }),
            new BsonDocument("$sort", new BsonDocument("last", -1)),
            new BsonDocument("$limit", MaxPairs),
        ];
    }

    private static ShadowComparison ComparisonOf(BsonDocument row)
    {
        var pair = row["_id"].AsBsonDocument;
        return new(Text(pair, "model"), Text(pair, "shadow"), row["images"].ToInt64(), row["agreed"].ToInt64(), row["compared"].ToInt64(),
            row["correct"].ToInt64(), row["shadowCorrect"].ToInt64());
    }

    private static string? Text(BsonDocument fields, string name) => fields.GetValue(name, null) is BsonString text ? text.Value : null;

    private static bool IsLatency(TimeSpan? time) => time >= TimeSpan.Zero && time <= MaxLatency;

    private static long Milliseconds(TimeSpan? time) => (long)time!.Value.TotalMilliseconds;
}
