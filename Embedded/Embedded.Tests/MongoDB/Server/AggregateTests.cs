using Embedded.Tests.MongoDB.Support;
using MongoDB.Bson;

namespace Embedded.Tests.MongoDB.Server;

/// <summary>Pipelines and projections over what is stored, above all over documents whose pictures stand outside their rows.</summary>
public sealed class AggregateTests : IAsyncLifetime
{
    private RunningServer _server = null!;
    private RawConnection _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.StartAsync();
        _client = await _server.ConnectAsync();
        for (var i = 0; i < 40; i++)
        {
            var document = new BsonDocument
            {
                { "_id", i }, { "producer_id", "camera-" + i % 4 }, { "GroundTruth", i % 2 == 0 ? "ship" : "cat" },
                { "Image", new BsonDocument { { "Width", 32 }, { "Data", new byte[3072] } } },
            };
            if (i % 5 != 0)
            {
                document["InferredValue"] = i % 3 == 0 ? "ship" : "cat";
            }

            await _client.RunAsync(Shell.Bson("{insert: 'c'}"), "test", ("documents", [document.ToBson()]));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_accuracy_query_of_the_predecessors_runs_unchanged()
    {
        var result = Assert.Single(await AggregateAsync(
            "[{$group: {_id: null, total: {$sum: 1}, correct: {$sum: {$cond: [{$eq: ['$InferredValue', '$GroundTruth']}, 1, 0]}}}}, {$project: {_id: 0, total: 1, correct: 1, accuracy: {$divide: ['$correct', '$total']}}}]"));
        var correct = Enumerable.Range(0, 40).Count(static i => i % 5 != 0 && (i % 2 == 0) == (i % 3 == 0));

        Assert.Equal(["total", "correct", "accuracy"], result.Names);
        Assert.Equal((40, correct, correct / 40.0), (result["total"].AsInt32, result["correct"].AsInt32, result["accuracy"].AsDouble));
    }

    [Fact]
    public async Task A_pipeline_that_looks_at_a_picture_sees_it()
    {
        var sizes = await AggregateAsync("[{$match: {_id: {$lt: 3}}}, {$project: {size: {$binarySize: '$Image.Data'}}}]");

        Assert.Equal([3072, 3072, 3072], sizes.Select(static document => document["size"].AsInt32));
    }

    [Fact]
    public async Task A_long_result_comes_in_batches()
    {
        var all = await _client.ReadAllAsync(
            "{aggregate: 'c', pipeline: [{$match: {_id: {$gte: 3}}}, {$project: {Image: 0}}], cursor: {batchSize: 5}}", "c");

        Assert.Equal(Enumerable.Range(3, 37), all.Select(static document => document["_id"].AsInt32));
        Assert.All(all, static document => Assert.False(document.Contains("Image")));
    }

    [Theory]
    [InlineData("{Image: 0}", "_id producer_id GroundTruth InferredValue")]
    [InlineData("{GroundTruth: 1}", "_id GroundTruth")]
    [InlineData("{'Image.Data': 1}", "_id Image")]
    [InlineData("{'Image.Data': 0, _id: 0}", "producer_id GroundTruth Image InferredValue")]
    public async Task A_projection_lets_through_what_it_names(string projection, string names)
    {
        var document = Assert.Single(await _client.ReadAllAsync($"{{find: 'c', filter: {{_id: 7}}, projection: {projection}}}", "c"));

        Assert.Equal(names.Split(' '), document.Names);
        if (document.TryGetValue("Image", out var image) && image.AsBsonDocument.Contains("Data"))
        {
            Assert.Equal(3072, image["Data"].AsByteArray.Length);
        }
    }

    [Fact]
    public async Task Out_replaces_a_collection_whole_and_keeps_its_indexes()
    {
        await _client.SucceedAsync("{createIndexes: 'stats', indexes: [{key: {wrong: 1}, name: 'wrong_1'}]}");
        await _client.SucceedAsync("{insert: 'stats', documents: [{_id: 'old'}]}");
        await AggregateAsync("[{$group: {_id: '$producer_id', wrong: {$sum: 1}}}, {$out: 'stats'}]");
        var stats = await _client.ReadAllAsync("{find: 'stats', sort: {_id: 1}}", "stats");

        Assert.Equal(["camera-0", "camera-1", "camera-2", "camera-3"], stats.Select(static document => document["_id"].AsString));
        Assert.Equal(2, (await _client.ReadAllAsync("{listIndexes: 'stats'}", "stats")).Count);
        Assert.True((await _client.SucceedAsync("{validate: 'stats'}"))["valid"].AsBoolean);
    }

    [Fact]
    public async Task Lookup_joins_another_collection()
    {
        await _client.SucceedAsync("{insert: 'cameras', documents: [{_id: 'camera-1', place: 'roof'}]}");
        var joined = await AggregateAsync(
            "[{$match: {_id: {$in: [0, 1]}}}, {$lookup: {from: 'cameras', localField: 'producer_id', foreignField: '_id', as: 'camera'}}, {$sort: {_id: 1}}]");

        Assert.Empty(joined[0]["camera"].AsBsonArray);
        Assert.Equal("roof", joined[1]["camera"][0]["place"].AsString);
    }

    [Fact]
    public async Task Statistics_begin_a_pipeline()
    {
        var statistics = Assert.Single(await AggregateAsync("[{$collStats: {storageStats: {}, count: {}}}]"));
        var documents = await _client.ReadAllAsync(
            "{aggregate: 1, pipeline: [{$documents: [{a: 1}, {a: 2}]}, {$match: {a: 2}}], cursor: {}}", "$cmd.aggregate");

        Assert.Equal(40, statistics["storageStats"]["count"].ToInt32());
        Assert.Equal(2, Assert.Single(documents)["a"].AsInt32);
    }

    private Task<List<BsonDocument>> AggregateAsync(string pipeline) =>
        _client.ReadAllAsync($"{{aggregate: 'c', pipeline: {pipeline}, cursor: {{}}}}", "c");
}
