using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts.Stored;
using static Pipeline.Analytics.StoreExpressions;

namespace Pipeline.Analytics;

/// <summary>
/// The question: how often was the model wrong, per producer and per class? Asked in two ways that must agree:
/// as a MapReduce over the documents, and as an aggregation that the store computes.
/// </summary>
/// <remarks>
/// Labels are compared as they stand in the document. Both readers of messages put them into one vocabulary before anything is
/// stored, so "automobile" and "car" never meet here, and the shell's own <c>$eq</c> gives the same figures.
/// A document without a prediction counts as pending, and one whose truth nobody has said as without truth, never as wrong. A truth whose
/// image has not come (<see cref="StoredImage.IsTruthAlone"/>) counts as nothing.
/// Strangers store other types. One rule holds for both ways: names and labels are strings, times are dates of the years 1 to 9999, an image
/// has a width that is a number; <see cref="StoredImage"/> reads no other, and whatever else stands in a field counts as if the field were absent.
/// </remarks>
internal static class WrongInferences
{
    /// <summary>What documents are counted by. Every figure is a sum over some of these.</summary>
    /// <param name="Label">The truth; null where nobody has said.</param>
    internal readonly record struct Key(string Producer, string? Label, string? Inferred = null);

    /// <summary>Only what counting needs leaves the store; not the pixels.</summary>
    private static readonly ProjectionDefinition<StoredImage, StoredImage> CountedFields = Builders<StoredImage>.Projection
        .Include(image => image.ProducerId).Include(image => image.GroundTruth).Include(image => image.InferredValue)
        .Include(image => image.CapturedAt).Include(image => image.StoredAt).Include(image => image.TruthAt).Include(image => image.Image!.Width);

    private const string Producer = "$" + StoredImage.ProducerIdField;
    private const string GroundTruth = "$" + nameof(StoredImage.GroundTruth);
    private const string Inferred = "$" + nameof(StoredImage.InferredValue);
    private const string CapturedAt = "$" + nameof(StoredImage.CapturedAt);
    private const string StoredAt = "$" + nameof(StoredImage.StoredAt);
    private const string TruthAt = "$" + nameof(StoredImage.TruthAt);
    private const string Width = $"${nameof(StoredImage.Image)}.{nameof(StoredPicture.Width)}";

    /// <summary>The store's way: one pass over the collection, one row per producer, class, prediction and side of <paramref name="since"/>.</summary>
    private static BsonDocument[] Stages(DateTimeOffset? since)
    {
        var id = new BsonDocument { { "producer", Producer }, { "label", GroundTruth }, { "inferred", Inferred } };
        if (since is { } from)
        {
            // By arrival: a camera's clock may be a day behind. Where no time of arrival is kept, others wrote the document.
            var time = Call("$ifNull", StoredAt, CapturedAt);
            id.Add("earlier", Call("$lt", time, from.UtcDateTime));
        }
        var isStored = IsBetween(Width, int.MinValue, int.MaxValue);
        return
        [
            new BsonDocument("$group", new BsonDocument
            {
                { "_id", id },
                { "total", CountOf(Call("$or", isStored, IsText(Inferred), IsDate(StoredAt), Not(IsDate(TruthAt)))) },
                { "stored", CountOf(isStored) },
                { "first", new BsonDocument("$min", DateOrNull(CapturedAt)) },
                { "last", new BsonDocument("$max", DateOrNull(StoredAt)) },
            }),
        ];
    }

    /// <summary>The answer, computed by the store.</summary>
    /// <param name="since">When the run to count began; null: all count.</param>
    public static async Task<Figures> AggregateAsync(
        IMongoCollection<StoredImage> images, CancellationToken cancellationToken, DateTimeOffset? since = null)
    {
        using var cursor = await images.AggregateAsync<BsonDocument>(
            Stages(since), new AggregateOptions { AllowDiskUse = true }, cancellationToken);
        Dictionary<Key, Tally> tallies = [];
        var earlier = Tally.Empty;
        await foreach (var row in cursor.ToAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var id = row["_id"].AsBsonDocument;
            var key = new Key(Text(id, "producer") ?? StoredImage.Unknown, Text(id, "label"), Text(id, "inferred"));
            var tally = TallyOf(row, key);
            if (tally.Total == 0)
            {
                continue;
            }
            if (id.Contains("earlier") && id["earlier"].AsBoolean)
            {
                earlier += tally;
                continue;
            }
            tallies[key] = tallies.GetValueOrDefault(key, Tally.Empty) + tally;
        }
        return new Figures(tallies, earlier.Stored);
    }

    /// <summary>The same answer, computed here from every document.</summary>
    public static async Task<Figures> MapReduceAsync(IMongoCollection<StoredImage> images, CancellationToken cancellationToken) =>
        new(await MapReduce.RunAsync(BatchesAsync(images, cancellationToken), Map, Reduce));

    /// <summary>One document is one count under its producer and class.</summary>
    public static IEnumerable<KeyValuePair<Key, Tally>> Map(StoredImage image)
    {
        if (image.IsTruthAlone)
        {
            yield break;
        }
        yield return KeyValuePair.Create(
            new Key(image.ProducerId ?? StoredImage.Unknown, image.GroundTruth, image.InferredValue),
            new Tally(
                Total: 1,
                Stored: image.Image?.Width is null ? 0 : 1,
                Inferred: image.InferredValue is null ? 0 : 1,
                WithoutTruth: image.InferredValue is null || image.GroundTruth is not null ? 0 : 1,
                Correct: image.IsCorrect is true ? 1 : 0,
                FirstCapturedAt: image.CapturedAt,
                LastStoredAt: image.StoredAt));
    }

    public static Tally Reduce(Tally left, Tally right) => left + right;

    private static async IAsyncEnumerable<IEnumerable<StoredImage>> BatchesAsync(
        IMongoCollection<StoredImage> images, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var cursor = await images.Find(FilterDefinition<StoredImage>.Empty).Project(CountedFields).ToCursorAsync(cancellationToken);
        while (await cursor.MoveNextAsync(cancellationToken))
        {
            yield return cursor.Current;
        }
    }

    // What the key tells of each of its documents is not counted in the store, where it would be asked once a document.
    private static Tally TallyOf(BsonDocument row, Key key)
    {
        var total = row["total"].ToInt64();
        var inferred = key.Inferred is null ? 0 : total;
        return new(
            total, row["stored"].ToInt64(), inferred, WithoutTruth: key.Label is null ? inferred : 0, Correct: key.Label == key.Inferred ? inferred : 0,
            Time(row, "first"), Time(row, "last"));
    }

    private static string? Text(BsonDocument fields, string name) =>
        fields.TryGetValue(name, out var value) && value.IsString ? value.AsString : null;

    private static DateTime? Time(BsonDocument fields, string name) =>
        fields.TryGetValue(name, out var value) && value.IsValidDateTime ? value.ToUniversalTime() : null;
}
