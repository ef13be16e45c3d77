using Embedded.Tests.MongoDB.Support;
using MongoDB.Bson;

namespace Embedded.Tests.MongoDB.Server;

[Trait("Speed", "slow")]
public sealed class PlannerTests
{
    private static readonly string[] Keys = ["{a: 1}", "{b: -1}", "{a: 1, b: 1}", "{a: -1, c: 1}", "{'a.b': 1}", "{'c.a': -1, b: 1}", "{c: 1}"];

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public async Task A_walk_over_an_index_finds_what_a_scan_of_the_table_finds(int seed)
    {
        var random = new Random(seed);
        await using var server = await RunningServer.StartAsync();
        await using var client = await server.ConnectAsync();
        foreach (var key in Keys.OrderBy(_ => random.Next()).Take(4))
        {
            var sparse = random.Next(4) == 0 ? ", sparse: true" : "";
            await client.SucceedAsync($"{{createIndexes: 'c', indexes: [{{key: {key}, name: 'i{Array.IndexOf(Keys, key)}'{sparse}}}]}}");
        }

        await FillAsync(client, random, count: 300);
        var indexed = 0;
        for (var i = 0; i < 300; i++)
        {
            var filter = Filter(random);
            var (scan, ok) = await IdsAsync(client, $"{{find: 'c', filter: {filter}, hint: {{$natural: 1}}}}");
            if (!ok)
            {
                continue;
            }

            var (planned, _) = await IdsAsync(client, $"{{find: 'c', filter: {filter}}}");
            Assert.True(scan.SetEquals(planned), $"seed {seed}, filter {filter}: scan {string.Join(' ', scan)}, plan {string.Join(' ', planned)}");
            var explained = await client.SucceedAsync($"{{explain: {{find: 'c', filter: {filter}}}, verbosity: 'queryPlanner'}}");
            if (explained["queryPlanner"]["winningPlan"]["stage"] == "FETCH")
            {
                indexed++;
            }
        }

        Assert.True(indexed > 50, $"only {indexed} filters met an index");
        Assert.True((await client.SucceedAsync("{validate: 'c'}"))["valid"].AsBoolean);
    }

    [Theory]
    [InlineData(4), InlineData(5)]
    public async Task An_order_taken_from_an_index_is_the_order_of_a_sort(int seed)
    {
        var random = new Random(seed);
        await using var server = await RunningServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.SucceedAsync("{createIndexes: 'c', indexes: [{key: {a: 1, b: -1}, name: 'ab'}]}");
        for (var i = 0; i < 200; i++)
        {
            await client.SucceedAsync($"{{insert: 'c', documents: [{{_id: {i}, a: {random.Next(6)}, b: {RandomBson.Value(random, 0)}}}]}}");
        }

        foreach (var (filter, sort) in ((string, string)[])
            [("{}", "{a: 1, b: -1}"), ("{}", "{a: -1, b: 1}"), ("{a: 3}", "{b: -1}"), ("{a: 3}", "{b: 1}"), ("{a: {$gte: 2}}", "{a: 1}"),
                ("{a: {$in: [1, 4]}}", "{b: 1}")])
        {
            var planned = await client.ReadAllAsync($"{{find: 'c', filter: {filter}, sort: {sort}, limit: 60}}", "c");
            var sorted = await client.ReadAllAsync($"{{find: 'c', filter: {filter}, sort: {sort}, limit: 60, hint: {{$natural: 1}}}}", "c");

            // Documents that the order holds equal may come in either order: what they are sorted by must agree.
            string[] fields = [.. new[] { "a", "b" }.Where(field => sort.Contains(field, StringComparison.Ordinal))];
            Assert.Equal(sorted.Select(document => KeyOf(document, fields)), planned.Select(document => KeyOf(document, fields)));
        }
    }

    [Fact]
    public async Task A_plain_id_needs_no_plan_and_a_list_of_ids_walks_their_keys()
    {
        await using var server = await RunningServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await FillAsync(client, new Random(1), count: 50);

        var one = await client.SucceedAsync("{explain: {find: 'c', filter: {_id: 7}}}");
        var some = await client.SucceedAsync("{explain: {find: 'c', filter: {_id: {$in: [3, 7, 99]}}}}");

        Assert.Equal("IDHACK", one["queryPlanner"]["winningPlan"]["stage"].AsString);
        Assert.Equal((2L, 2L), (some["executionStats"]["nReturned"].AsInt64, some["executionStats"]["totalDocsExamined"].AsInt64));
    }

    [Fact]
    public async Task A_change_that_moves_documents_within_the_walked_index_meets_each_once()
    {
        await using var server = await RunningServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.SucceedAsync("{createIndexes: 'c', indexes: [{key: {a: 1}, name: 'a_1'}]}");
        for (var i = 0; i < 100; i++)
        {
            await client.SucceedAsync($"{{insert: 'c', documents: [{{_id: {i}, a: {i}}}]}}");
        }

        var reply = await client.SucceedAsync("{update: 'c', updates: [{q: {a: {$gte: 0}}, u: {$inc: {a: 50}}, multi: true}]}");

        Assert.Equal(100, reply["nModified"].AsInt32);
        Assert.All(
            await client.ReadAllAsync("{find: 'c'}", "c"), static document => Assert.Equal(document["_id"].AsInt32 + 50, document["a"].AsInt32));
    }

    private static string KeyOf(BsonDocument document, string[] fields) => string.Join(' ', fields.Select(field => document[field]));

    private static async Task FillAsync(RawConnection client, Random random, int count)
    {
        for (var i = 0; i < count; i++)
        {
            // A document with two arrays under one compound index is refused; the others are what is looked for.
            var body = RandomBson.Document(random, 3);
            await client.RunAsync($"{{insert: 'c', documents: [{{_id: {i}{(body.Length > 2 ? ", " + body[1..^1] : "")}}}]}}");
            if (random.Next(3) == 0)
            {
                await client.RunAsync($"{{update: 'c', updates: [{{q: {{_id: {random.Next(i + 1)}}}, u: {{$set: {{{"abc"[random.Next(3)]}: {RandomBson.Value(random, 2)}}}}}}}]}}");
            }
        }
    }

    private static string Filter(Random random)
    {
        string[] paths = ["a", "b", "c", "'a.b'", "'c.a'", "'a.0'"];
        var conditions = Enumerable.Range(0, random.Next(1, 3)).Select(_ => paths[random.Next(paths.Length)]).Distinct()
            .Select(path => $"{path}: {Condition(random)}");
        return "{" + string.Join(", ", conditions) + "}";
    }

    private static string Condition(Random random)
    {
        string Value() => RandomBson.Value(random, 1);
        return random.Next(7) switch
        {
            0 => $"{{$gt: {Value()}}}",
            1 => $"{{$lte: {Value()}}}",
            2 => $"{{$gte: {Value()}, $lt: {Value()}}}",
            3 => $"{{$in: [{Value()}, {Value()}, null]}}",
            4 => $"{{$elemMatch: {{$gt: {Value()}}}}}",
            5 => $"{{$ne: {Value()}}}",
            _ => Value(),
        };
    }

    private static async Task<(HashSet<int> Ids, bool Ok)> IdsAsync(RawConnection client, string find)
    {
        var reply = await client.RunAsync(find[..^1] + ", batchSize: 1000}");
        return reply["ok"] == 1
            ? (reply["cursor"]["firstBatch"].AsBsonArray.Select(static document => document["_id"].AsInt32).ToHashSet(), true)
            : ([], false);
    }
}
