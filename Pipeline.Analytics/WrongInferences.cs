using System.Runtime.CompilerServices;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Pipeline.Analytics;

/// <summary>
/// The question: how often was the model wrong, per producer and per class? Asked in two ways that must agree:
/// as a MapReduce over the documents, and as an aggregation that the store computes.
/// </summary>
/// <remarks>
/// Labels are compared as they stand in the document. Both readers of messages put them into one vocabulary before anything is
/// stored, so "automobile" and "car" never meet here, and the shell's own <c>$eq</c> gives the same figures.
/// A document without a prediction counts as pending, never as wrong.
/// Strangers store other types. One rule holds for both ways: names and labels are strings, times are dates of the years 1 to 9999, an image
/// has a width that is a number; whatever else stands in a field counts as if the field were absent.
/// </remarks>
internal static class WrongInferences
{
    /// <summary>What documents are counted by. Every figure is a sum over some of these.</summary>
    internal readonly record struct Key(string Producer, string Label, string? Inferred = null);

    private const string Unknown = "unknown";

    /// <summary>Only what counting needs leaves the store; not the pixels.</summary>
    private static readonly BsonDocument CountedFields = new()
    {
        { "producer_id", 1 }, { "GroundTruth", 1 }, { "InferredValue", 1 }, { "CapturedAt", 1 }, { "StoredAt", 1 }, { "Image.Width", 1 },
    };

    /// <summary>Dates that .NET can hold. In the order of all BSON values only dates lie between two dates.</summary>
    private static readonly (BsonDateTime First, BsonDateTime Last) Dates = (new(DateTime.MinValue), new(DateTime.MaxValue));

    /// <summary>The store's way: one pass over the collection, one row per producer, class, prediction and side of <paramref name="since"/>.</summary>
    private static BsonDocument[] Stages(DateTimeOffset? since)
    {
        var id = new BsonDocument { { "producer", "$producer_id" }, { "label", "$GroundTruth" }, { "inferred", "$InferredValue" } };
        if (since is { } from)
        {
            // By arrival: a camera's clock may be a day behind. Where no time of arrival is kept, others wrote the document.
            var time = Call("$ifNull", "$StoredAt", "$CapturedAt");
            id.Add("earlier", Call("$lt", time, from.UtcDateTime));
        }
        var isInferred = IsText("$InferredValue");
        return
        [
            new BsonDocument("$group", new BsonDocument
            {
                { "_id", id },
                { "total", new BsonDocument("$sum", 1) },
                { "stored", CountOf(new BsonDocument("$isNumber", "$Image.Width")) },
                { "inferred", CountOf(isInferred) },
                { "correct", CountOf(Call("$and", isInferred, IsText("$GroundTruth"), Call("$eq", "$InferredValue", "$GroundTruth"))) },
                { "first", new BsonDocument("$min", DateOrNull("$CapturedAt")) },
                { "last", new BsonDocument("$max", DateOrNull("$StoredAt")) },
            }),
        ];
    }

    private static BsonDocument CountOf(BsonDocument condition) => new("$sum", Call("$cond", condition, 1, 0));

    private static BsonDocument IsText(string field) => Call("$eq", new BsonDocument("$type", field), "string");

    private static BsonDocument DateOrNull(string field) =>
        Call("$cond", Call("$and", Call("$gte", field, Dates.First), Call("$lte", field, Dates.Last)), field, BsonNull.Value);

    private static BsonDocument Call(string name, params BsonValue[] arguments) => new(name, new BsonArray(arguments));

    /// <summary>The answer, computed by the store.</summary>
    /// <param name="since">When the run to count began; null: all count.</param>
    public static async Task<Figures> AggregateAsync(
        IMongoCollection<BsonDocument> images, CancellationToken cancellationToken, DateTimeOffset? since = null)
    {
        using var cursor = await images.AggregateAsync<BsonDocument>(
            Stages(since), new AggregateOptions { AllowDiskUse = true }, cancellationToken);
        Dictionary<Key, Tally> tallies = [];
        var earlier = Tally.Empty;
        await foreach (var row in cursor.ToAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var (id, tally) = (row["_id"].AsBsonDocument, TallyOf(row));
            if (id.Contains("earlier") && id["earlier"].AsBoolean)
            {
                earlier += tally;
                continue;
            }
            var key = KeyOf(id, "producer", "label", "inferred");
            tallies[key] = tallies.GetValueOrDefault(key, Tally.Empty) + tally;
        }
        return new Figures(tallies, earlier.Stored);
    }

    /// <summary>The same answer, computed here from every document.</summary>
    public static async Task<Figures> MapReduceAsync(IMongoCollection<BsonDocument> images, CancellationToken cancellationToken) =>
        new(await MapReduce.RunAsync(BatchesAsync(images, cancellationToken), Map, Reduce));

    /// <summary>One document is one count under its producer and class.</summary>
    public static IEnumerable<KeyValuePair<Key, Tally>> Map(BsonDocument document)
    {
        var truth = Text(document, "GroundTruth");
        var inferred = Text(document, "InferredValue");
        var hasImage = document.TryGetValue("Image", out var image) && image is BsonDocument fields && fields.TryGetValue("Width", out var width) && width.IsNumeric;

        yield return KeyValuePair.Create(
            KeyOf(document, "producer_id", "GroundTruth", "InferredValue"),
            new Tally(
                Total: 1,
                Stored: hasImage ? 1 : 0,
                Inferred: inferred is null ? 0 : 1,
                Correct: inferred is not null && inferred == truth ? 1 : 0,
                FirstCapturedAt: Time(document, "CapturedAt"),
                LastStoredAt: Time(document, "StoredAt")));
    }

    public static Tally Reduce(Tally left, Tally right) => left + right;

    private static async IAsyncEnumerable<IEnumerable<BsonDocument>> BatchesAsync(
        IMongoCollection<BsonDocument> images, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var cursor = await images.Find(FilterDefinition<BsonDocument>.Empty).Project(CountedFields).ToCursorAsync(cancellationToken);
        while (await cursor.MoveNextAsync(cancellationToken))
        {
            yield return cursor.Current;
        }
    }

    private static Key KeyOf(BsonDocument fields, string producer, string label, string inferred) =>
        new(Text(fields, producer) ?? Unknown, Text(fields, label) ?? Unknown, Text(fields, inferred));

    private static Tally TallyOf(BsonDocument row) => new(
        row["total"].ToInt64(), row["stored"].ToInt64(), row["inferred"].ToInt64(), row["correct"].ToInt64(), Time(row, "first"), Time(row, "last"));

    private static string? Text(BsonDocument fields, string name) =>
        fields.TryGetValue(name, out var value) && value.IsString ? value.AsString : null;

    private static DateTime? Time(BsonDocument fields, string name) =>
        fields.TryGetValue(name, out var value) && value.IsValidDateTime ? value.ToUniversalTime() : null;
}
