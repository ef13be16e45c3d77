using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Analytics;
using Pipeline.Contracts;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Analytics;

/// <summary>The question asked in all its ways of one store: they must agree.</summary>
public sealed class WrongInferencesTests(MongoDBFixture mongodb) : IClassFixture<MongoDBFixture>
{
    private readonly IMongoCollection<BsonDocument> _images = MongoDBFixture.Images(mongodb.NewDatabase());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task MapReduce_here_and_aggregation_in_the_store_agree(int seed)
    {
        await _images.InsertManyAsync(Random(seed, count: 500), cancellationToken: default);

        var reduced = await WrongInferences.MapReduceAsync(MongoDBFixture.Typed(_images), default);
        var aggregated = await WrongInferences.AggregateAsync(MongoDBFixture.Typed(_images), default);

        Assert.Equal(aggregated.Overall, reduced.Overall);
        Assert.Equal(aggregated.Producers, reduced.Producers);
        Assert.Equal(aggregated.Classes, reduced.Classes);
        Assert.Equal(500, reduced.Overall.Total);
    }

    [Fact]
    public async Task Whatever_types_a_stranger_stored_both_ways_count_alike()
    {
        BsonValue[] values =
        [
            "ship", 7, 7.5, double.NaN, BsonNull.Value, true, new BsonArray { "ship" }, new BsonArray(), new BsonDocument("Width", 32),
            BsonMinKey.Value, BsonMaxKey.Value,
            new BsonDateTime(ADocument.Noon.AddYears(1)), new BsonDateTime(long.MaxValue), new BsonTimestamp(1), BsonRegularExpression.Create("ship"),
            ObjectId.GenerateNewId(),
            new BsonArray { new BsonDocument("Width", 32) }, new BsonDocument("Width", BsonNull.Value), new BsonDocument("Width", "32"),
        ];
        string[] fields = ["producer_id", "GroundTruth", "InferredValue", "CapturedAt", "StoredAt", "Image"];
        await _images.InsertManyAsync(
            [
                .. from field in fields from value in values select new BsonDocument(ADocument.Of("a", "ship", "ship")) { [field] = value },
                .. from field in fields select Without(ADocument.Of("a", "ship", "ship"), field),
                .. from truth in values
                   from inferred in values
                   select new BsonDocument(ADocument.Of("b", "ship", "ship")) { ["GroundTruth"] = truth, ["InferredValue"] = inferred },
            ],
            cancellationToken: default);

        var reduced = await WrongInferences.MapReduceAsync(MongoDBFixture.Typed(_images), default);
        var aggregated = await WrongInferences.AggregateAsync(MongoDBFixture.Typed(_images), default);

        Assert.Equal(aggregated.Producers, reduced.Producers);
        Assert.Equal(aggregated.Classes, reduced.Classes);
        Assert.Equal(aggregated.Confusion.OrderBy(pair => pair.Key), reduced.Confusion.OrderBy(pair => pair.Key));
        Assert.Equal(aggregated.Overall, reduced.Overall);
        Assert.Equal((ADocument.Noon, ADocument.Noon.AddYears(1)), (reduced.Overall.FirstCapturedAt, reduced.Overall.LastStoredAt));

        static BsonDocument Without(BsonDocument document, string field)
        {
            document.Remove(field);
            return document;
        }
    }

    [Fact]
    public async Task The_shells_accuracy_query_gives_the_reports_figures_once_all_is_inferred()
    {
        await _images.InsertManyAsync(Random(seed: 4, count: 400).Where(document => document.Contains("InferredValue")), cancellationToken: default);

        // As people type it, word for word.
        var row = Assert.Single(await AggregateAsync("""
            [ { $group: { _id: null, total: { $sum: 1 }, correct: { $sum: { $cond: [{ $eq: ["$InferredValue", "$GroundTruth"] }, 1, 0] } } } },
              { $project: { _id: 0, total: 1, correct: 1, accuracy: { $divide: ["$correct", "$total"] } } }]
            """));

        var overall = (await WrongInferences.AggregateAsync(MongoDBFixture.Typed(_images), default)).Overall;
        Assert.Equal(
            (overall.Inferred, overall.Correct, overall.Accuracy), (row["total"].ToInt64(), row["correct"].ToInt64(), row["accuracy"].ToDouble()));
    }

    [Fact]
    public async Task The_shells_query_for_errors_per_producer_gives_the_reports_rows()
    {
        await _images.InsertManyAsync(Random(seed: 5, count: 400), cancellationToken: default);

        var rows = await AggregateAsync("""
            [{ $match: { InferredValue: { $exists: true } } },
             { $group: { _id: "$producer_id", errors: { $sum: { $cond: [{ $ne: ["$InferredValue", "$GroundTruth"] }, 1, 0] } }, n: { $sum: 1 } } }]
            """);

        var figures = await WrongInferences.AggregateAsync(MongoDBFixture.Typed(_images), default);
        Assert.Equal(
            figures.Producers.Select(row => (row.Name, row.Tally.Wrong, row.Tally.Inferred)),
            rows.Select(row => (row["_id"].AsString, row["errors"].ToInt64(), row["n"].ToInt64()))
                .OrderBy(row => row.AsString, NaturalOrder.Comparer));
    }

    [Fact]
    public async Task Images_not_yet_inferred_are_counted_apart_and_never_as_wrong()
    {
        await _images.InsertManyAsync(
            [ADocument.Of("a", "ship", "ship"), ADocument.Of("a", "ship"), ADocument.Of("a", "car")], cancellationToken: default);

        var overall = (await WrongInferences.AggregateAsync(MongoDBFixture.Typed(_images), default)).Overall;

        Assert.Equal((3, 1, 2, 0, 1.0), (overall.Total, overall.Inferred, overall.Pending, overall.Wrong, overall.Accuracy));
    }

    [Fact]
    public async Task Without_a_truth_a_prediction_is_neither_right_nor_wrong_and_accuracy_rests_on_the_others()
    {
        await _images.InsertManyAsync(
            [ADocument.Of("a", "ship", "ship"), ADocument.Of("a", "ship", "car"), ADocument.Of("a", null, "car"), ADocument.Of("b", null, "car"),
                ADocument.Of("b", null)],
            cancellationToken: default);

        foreach (var figures in await BothWaysAsync())
        {
            Assert.Equal((5, 4, 1, 2, 2, 1, 1, 0.5),
                (figures.Overall.Total, figures.Overall.Inferred, figures.Overall.Pending, figures.Overall.WithoutTruth,
                figures.Overall.Compared, figures.Overall.Correct, figures.Overall.Wrong, figures.Overall.Accuracy));
            Assert.Equal([("a", 0.5), ("b", (double?)null)], figures.Producers.Select(row => (row.Name, row.Tally.ErrorRate)));
            Assert.Equal(["ship"], figures.Classes.Select(row => row.Name));
            Assert.Equal(2, figures.Confusion.Values.Sum());
        }
    }

    [Fact]
    public async Task A_truth_that_waits_for_its_image_counts_as_nothing_and_a_strangers_document_with_one_counts()
    {
        var truth = new BsonDocument { { "GroundTruth", "ship" }, { "TruthBy", "me" }, { "TruthAt", ADocument.Noon } };
        await _images.InsertManyAsync(
            [
                new BsonDocument("_id", "waits").AddRange(truth), new BsonDocument("_id", "stranger") { { "InferredValue", "ship" } }.AddRange(truth),
                ADocument.Of("a", null).AddRange(truth),
            ],
            cancellationToken: default);

        foreach (var figures in await BothWaysAsync())
        {
            Assert.Equal((2, 1, 1), (figures.Overall.Total, figures.Overall.Inferred, figures.Overall.Correct));
            Assert.Equal(["a", "unknown"], figures.Producers.Select(row => row.Name));
        }
    }

    private async Task<Figures[]> BothWaysAsync() =>
        [await WrongInferences.MapReduceAsync(MongoDBFixture.Typed(_images), default),
            await WrongInferences.AggregateAsync(MongoDBFixture.Typed(_images), default)];

    [Fact]
    public async Task A_result_whose_image_has_not_come_counts_as_inferred_and_not_as_stored()
    {
        await _images.InsertManyAsync([ADocument.ResultOnly("a", "ship", "car"), ADocument.Of("a", "ship", "ship")], cancellationToken: default);

        var overall = (await WrongInferences.AggregateAsync(MongoDBFixture.Typed(_images), default)).Overall;

        Assert.Equal((2, 1, 2, 1), (overall.Total, overall.Stored, overall.Inferred, overall.Wrong));
    }

    [Fact]
    public async Task First_capture_and_last_write_are_over_all_documents()
    {
        await _images.InsertManyAsync(
            [ADocument.Of("a", "ship", capturedAt: ADocument.Noon.AddSeconds(5)), ADocument.Of("b", "car", capturedAt: ADocument.Noon)],
            cancellationToken: default);

        var overall = (await WrongInferences.AggregateAsync(MongoDBFixture.Typed(_images), default)).Overall;

        Assert.Equal((ADocument.Noon, ADocument.Noon.AddSeconds(6)), (overall.FirstCapturedAt, overall.LastStoredAt));
    }

    [Fact]
    public async Task An_empty_collection_has_an_answer_too()
    {
        Assert.Equal(Tally.Empty, (await WrongInferences.AggregateAsync(MongoDBFixture.Typed(_images), default)).Overall);
        Assert.Equal(Tally.Empty, (await WrongInferences.MapReduceAsync(MongoDBFixture.Typed(_images), default)).Overall);
    }

    [Fact]
    public async Task One_run_is_counted_apart_from_those_before_it()
    {
        await _images.InsertManyAsync(
            [
                ADocument.Of("camera-1", "cat", "dog", capturedAt: ADocument.Noon),
                ADocument.Of("camera-1", "cat", "cat", capturedAt: ADocument.Noon.AddSeconds(1)),
                ADocument.Of("camera-2", "cat", "cat", capturedAt: ADocument.Noon.AddSeconds(2)),
            ],
            cancellationToken: default);

        var figures = await WrongInferences.AggregateAsync(MongoDBFixture.Typed(_images), default,
            since: new DateTimeOffset(ADocument.Noon.AddSeconds(2)));       // a second after the first was captured it was stored

        Assert.Equal((2, 2, 1), (figures.Overall.Total, figures.Overall.Correct, figures.Earlier));
    }

    [Fact]
    public async Task A_prediction_whose_image_has_not_come_counts_for_the_run_in_which_it_was_made()
    {
        await _images.InsertOneAsync(ADocument.ResultOnly("camera-1", "cat", "dog"), cancellationToken: default);

        var figures = await WrongInferences.AggregateAsync(MongoDBFixture.Typed(_images), default, since: new DateTimeOffset(ADocument.Noon));

        Assert.Equal((1, 0), (figures.Overall.Inferred, figures.Earlier));
    }

    private static List<BsonDocument> Random(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(index =>
        {
            var producer = $"camera-{random.Next(1, 12)}";
            var truth = Labels.All[random.Next(Labels.All.Count)];
            var inferred = random.Next(10) switch { 0 => null, < 7 => truth, _ => Labels.All[random.Next(Labels.All.Count)] };
            var at = ADocument.Noon.AddMilliseconds(random.Next(100_000));
            return random.Next(20) == 0
                ? ADocument.ResultOnly(producer, truth, inferred ?? truth)
                : ADocument.Of(producer, truth, inferred, capturedAt: at);
        })];
    }

    private async Task<List<BsonDocument>> AggregateAsync(string stages)
    {
        PipelineDefinition<BsonDocument, BsonDocument> pipeline =
            BsonDocument.Parse($"{{ stages: {stages} }}")["stages"].AsBsonArray.Select(stage => stage.AsBsonDocument).ToArray();
        using var cursor = await _images.AggregateAsync(pipeline, cancellationToken: default);
        return await cursor.ToListAsync(cancellationToken: default);
    }
}
