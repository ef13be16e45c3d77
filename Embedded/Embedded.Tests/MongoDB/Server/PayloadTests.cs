using Embedded.Tests.MongoDB.Support;
using MongoDB.Bson;

namespace Embedded.Tests.MongoDB.Server;

/// <summary>Big binaries stand outside their rows; nobody who reads or changes a document may notice.</summary>
public sealed class PayloadTests
{
    [Fact]
    public async Task Random_documents_and_changes_come_back_byte_for_byte()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        await using var server = await RunningServer.StartAsync();
        await using var client = await server.ConnectAsync();
        await client.SucceedAsync("{createIndexes: 'c', indexes: [{key: {d: 1}, name: 'd_1'}, {key: {b: 1}, name: 'b_1'}]}");
        var model = new Dictionary<int, BsonDocument>();

        for (var step = 0; step < 400; step++)
        {
            var id = random.Next(30);
            if (!model.TryGetValue(id, out var document))
            {
                document = Make(random, id);
                model[id] = document;
                await InsertAsync(client, document);
                continue;
            }

            switch (random.Next(5))
            {
                case 0:
                    document["c"] = step;
                    await UpdateAsync(client, id, new BsonDocument("$set", new BsonDocument("c", step)));
                    break;
                case 1:
                    var value = Binary(random);
                    document["b"] = value;
                    await UpdateAsync(client, id, new BsonDocument("$set", new BsonDocument("b", value)));
                    break;
                case 2:
                    document.Remove("a");
                    await UpdateAsync(client, id, new BsonDocument("$unset", new BsonDocument("a", 1)));
                    break;
                case 3:
                    var replacement = Make(random, id);
                    model[id] = replacement;
                    await UpdateAsync(client, id, replacement);
                    break;
                default:
                    model.Remove(id);
                    await client.SucceedAsync($"{{delete: 'c', deletes: [{{q: {{_id: {id}}}, limit: 1}}]}}");
                    break;
            }
        }

        var found = await client.ReadAllAsync("{find: 'c', sort: {_id: 1}}", "c");
        Assert.Equal(model.OrderBy(static entry => entry.Key).Select(static entry => Sorted(entry.Value)), found.Select(Sorted));
        var check = await client.SucceedAsync("{validate: 'c'}");
        Assert.True(check["valid"].AsBoolean, check.ToString());
    }

    [Fact]
    public async Task A_filter_on_a_big_binary_finds_its_document()
    {
        await using var server = await RunningServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var pixels = new byte[5000];
        pixels[4000] = 7;
        await InsertAsync(client, new BsonDocument { { "_id", 1 }, { "i", new BsonDocument { { "w", 1 }, { "d", pixels } } } });
        await InsertAsync(client, new BsonDocument { { "_id", 2 }, { "i", new BsonDocument { { "w", 1 }, { "d", new byte[5000] } } } });

        var filter = new BsonDocument("i.d", pixels);
        var reply = await client.RunAsync(new BsonDocument { { "find", "c" }, { "filter", filter } }.ToBson());

        Assert.Equal(1, Assert.Single(reply["cursor"]["firstBatch"].AsBsonArray)["_id"].AsInt32);
    }

    [Fact]
    public async Task More_payloads_than_a_row_can_list_stay_in_the_row()
    {
        await using var server = await RunningServer.StartAsync();
        await using var client = await server.ConnectAsync();
        var document = new BsonDocument("_id", 1);
        for (var i = 0; i < 300; i++)
        {
            document["f" + i] = new byte[1024 + i];
        }

        await InsertAsync(client, document);
        await UpdateAsync(client, 1, new BsonDocument("$set", new BsonDocument("f0", 5)));
        document["f0"] = 5;

        Assert.Equal(document, Assert.Single(await client.ReadAllAsync("{find: 'c'}", "c")));
    }

    /// <summary>Asked of the document as it is stored, and once more behind a stage that has read all of it.</summary>
    [Theory]
    [InlineData("{v: '$b'}")]
    [InlineData("{v: '$b.w'}")]
    [InlineData("{v: '$b.data'}")]
    [InlineData("{v: '$b.h'}")]
    [InlineData("{v: '$b.h.deep'}")]
    [InlineData("{v: '$b.x'}")]
    [InlineData("{v: ['$b.w', '$a.data']}")]
    [InlineData("{v: '$$ROOT.b.data'}")]
    [InlineData("{v: {$size: {$ifNull: [{$objectToArray: {$cond: [{$eq: [{$type: '$b'}, 'object']}, '$b', {}]}}, []]}}}")]
    [InlineData("{'b.w': 1}")]
    [InlineData("{'b.data': 1, 'e.h.deep': 1}")]
    [InlineData("{'b.h': 1, v: '$b.w'}")]
    [InlineData("{'b.data': 0}")]
    public async Task A_path_reads_what_it_leads_to_whatever_stands_beside_it(string projection)
    {
        var random = new Random(815);
        await using var server = await RunningServer.StartAsync();
        await using var client = await server.ConnectAsync();
        for (var id = 0; id < 60; id++)
        {
            await InsertAsync(client, Make(random, id));
        }

        var asStored = await client.ReadAllAsync($"{{aggregate: 'c', pipeline: [{{$project: {projection}}}], cursor: {{}}}}", "c");
        var ofAll = await client.ReadAllAsync(
            $"{{aggregate: 'c', pipeline: [{{$set: {{all: '$$ROOT'}}}}, {{$unset: 'all'}}, {{$project: {projection}}}], cursor: {{}}}}", "c");
        var filtered = await client.ReadAllAsync("{find: 'c', filter: {'b.w': 1, 'b.data': {$type: 'binData'}}, projection: {'b.w': 1}}", "c");

        Assert.Equal(60, asStored.Count);
        Assert.Equal(ofAll, asStored);
        Assert.All(filtered, document => Assert.Equal(new BsonDocument("w", 1), document["b"]));
        Assert.NotEmpty(filtered);
    }

    private static BsonDocument Make(Random random, int id)
    {
        var document = new BsonDocument("_id", id);
        foreach (var name in (string[])["a", "b", "d", "e"])
        {
            document[name] = random.Next(5) switch
            {
                0 => random.Next(10),
                1 => Binary(random),
                2 => new BsonDocument { { "w", 1 }, { "data", Binary(random) }, { "h", new BsonDocument("deep", Binary(random)) } },
                3 => new BsonArray { Binary(random), new BsonDocument("x", Binary(random)), 3 },
                _ => "text",
            };
        }

        if (document["b"].IsBsonArray && document["d"].IsBsonArray)
        {
            document["d"] = 1;
        }

        return document;
    }

    private static BsonBinaryData Binary(Random random)
    {
        var bytes = new byte[random.Next(4) switch { 0 => 0, 1 => 1023, 2 => 1024, _ => random.Next(1025, 9000) }];
        random.NextBytes(bytes);
        return new(bytes);
    }

    /// <summary>An update appends new fields at the end, the model puts them where it likes: order is compared elsewhere.</summary>
    private static BsonDocument Sorted(BsonDocument document) =>
        new(document.Elements.OrderBy(static element => element.Name, StringComparer.Ordinal));

    private static async Task InsertAsync(RawConnection client, BsonDocument document)
    {
        var reply = await client.RunAsync(Shell.Bson("{insert: 'c'}"), "test", ("documents", [document.ToBson()]));
        Assert.True(reply["n"] == 1, reply.ToString());
    }

    private static async Task UpdateAsync(RawConnection client, int id, BsonDocument change)
    {
        var statement = new BsonDocument { { "q", new BsonDocument("_id", id) }, { "u", change } };
        var reply = await client.RunAsync(Shell.Bson("{update: 'c'}"), "test", ("updates", [statement.ToBson()]));
        Assert.True(reply["n"] == 1, reply.ToString());
    }
}
