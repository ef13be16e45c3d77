using Embedded.Tests.MongoDB.Support;
using MongoDB.Bson;

namespace Embedded.Tests.MongoDB.Server;

public sealed class CommandTests : IAsyncLifetime
{
    private RunningServer _server = null!;
    private RawConnection _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.StartAsync();
        _client = await _server.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task The_first_hello_comes_as_a_query_and_is_answered_as_one()
    {
        await _client.SendAsync(Convert.FromHexString("3a0000000100000000000000d40700000400000061646d696e2e24636d640000000000ffffffff130000001069734d6173746572000100000000"));
        var reply = await _client.ReadReplyAsync();

        Assert.NotNull(reply);
        Assert.True(reply["ismaster"].AsBoolean);
        Assert.Equal((0, 21), (reply["minWireVersion"].AsInt32, reply["maxWireVersion"].AsInt32));
        Assert.Equal(BsonType.Double, reply["ok"].BsonType);
    }

    [Fact]
    public async Task Documents_beside_the_body_and_within_it_are_the_same()
    {
        var beside = await _client.RunAsync(Shell.Bson("{insert: 'c'}"), "test", ("documents", [Shell.Bson("{_id: 1}"), Shell.Bson("{_id: 2}")]));
        var within = await _client.RunAsync("{insert: 'c', documents: [{_id: 3}, {_id: 4}]}");

        Assert.Equal((2, 2), (beside["n"].AsInt32, within["n"].AsInt32));
        Assert.Equal(4, (await _client.SucceedAsync("{count: 'c'}"))["n"].AsInt32);
    }

    [Fact]
    public async Task A_document_without_id_gets_one_in_front()
    {
        await _client.SucceedAsync("{insert: 'c', documents: [{a: 1}, {b: 2, _id: 7}]}");
        var documents = await _client.ReadAllAsync("{find: 'c'}", "c");

        Assert.Equal(BsonType.ObjectId, documents[0]["_id"].BsonType);
        Assert.Equal(["_id", "a"], documents[0].Names);
        Assert.Equal(["_id", "b"], documents[1].Names);
    }

    [Fact]
    public async Task An_ordered_batch_ends_at_its_first_error_and_an_unordered_one_goes_on()
    {
        var ordered = await _client.RunAsync("{insert: 'o', documents: [{_id: 1}, {_id: 1}, {_id: 2}]}");
        var unordered = await _client.RunAsync("{insert: 'u', ordered: false, documents: [{_id: 1}, {_id: 1}, {_id: 2}]}");

        Assert.Equal((1, 2), (ordered["n"].AsInt32, unordered["n"].AsInt32));
        var error = unordered["writeErrors"][0];
        Assert.Equal((1, 11000), (error["index"].AsInt32, error["code"].AsInt32));
        Assert.Equal("E11000 duplicate key error collection: test.u index: _id_ dup key: { _id: 1 }", error["errmsg"].AsString);
        Assert.Equal(new BsonDocument("_id", 1), error["keyValue"]);
    }

    [Fact]
    public async Task An_upsert_starts_from_what_its_filter_fixes()
    {
        var reply = await _client.RunAsync(
            "{update: 'c', updates: [{q: {_id: 7, s: {$gt: 1}, $and: [{t: 2}]}, u: {$set: {u: 1}, $setOnInsert: {v: 1}}, upsert: true}]}");

        Assert.Equal((1, 0), (reply["n"].AsInt32, reply["nModified"].AsInt32));
        Assert.Equal(new BsonDocument { { "index", 0 }, { "_id", 7 } }, reply["upserted"][0]);
        Assert.Equal(
            new BsonDocument { { "_id", 7 }, { "t", 2 }, { "u", 1 }, { "v", 1 } }, Assert.Single(await _client.ReadAllAsync("{find: 'c'}", "c")));
    }

    [Fact]
    public async Task Both_halves_of_a_document_may_come_in_either_order()
    {
        foreach (var id in (string[])["a", "b"])
        {
            string[] halves = ["{$set: {Truth: 'ship'}}", "{$set: {Seen: 'car'}}"];
            if (id == "b")
            {
                Array.Reverse(halves);
            }

            foreach (var half in halves)
            {
                await _client.SucceedAsync($"{{update: 'c', updates: [{{q: {{_id: '{id}'}}, u: {half}, upsert: true}}]}}");
            }
        }

        var documents = await _client.ReadAllAsync("{find: 'c'}", "c");
        Assert.All(documents, static document => Assert.Equal(("ship", "car"), (document["Truth"].AsString, document["Seen"].AsString)));
    }

    [Fact]
    public async Task An_update_that_changes_nothing_modifies_nothing()
    {
        await _client.SucceedAsync("{insert: 'c', documents: [{_id: 1, a: 1}]}");
        var reply = await _client.SucceedAsync("{update: 'c', updates: [{q: {_id: 1}, u: {$set: {a: 1}}}]}");

        Assert.Equal((1, 0), (reply["n"].AsInt32, reply["nModified"].AsInt32));
    }

    [Fact]
    public async Task A_cursor_ends_with_the_document_that_is_known_to_be_the_last()
    {
        await _client.SucceedAsync("{insert: 'c', documents: [{_id: 1}, {_id: 2}, {_id: 3}, {_id: 4}, {_id: 5}]}");
        var first = (await _client.SucceedAsync("{find: 'c', batchSize: 3}"))["cursor"];
        var second = (await _client.SucceedAsync($"{{getMore: NumberLong({first["id"].AsInt64}), collection: 'c', batchSize: 2}}"))["cursor"];
        var unknown = await _client.RunAsync($"{{getMore: NumberLong({first["id"].AsInt64}), collection: 'c'}}");

        Assert.Equal(2, second["nextBatch"].AsBsonArray.Count);
        Assert.Equal(0, second["id"].AsInt64);
        Assert.Equal(43, unknown["code"].AsInt32);
    }

    [Fact]
    public async Task Skip_limit_and_sort_agree_with_the_whole_list()
    {
        for (var i = 0; i < 500; i++)
        {
            await _client.SucceedAsync($"{{insert: 'c', documents: [{{_id: {i}, a: {i * 7 % 100}}}]}}");
        }

        var expected = Enumerable.Range(0, 500).OrderByDescending(static i => i * 7 % 100).ThenBy(static i => i).Skip(20).Take(150);

        var found = await _client.ReadAllAsync("{find: 'c', sort: {a: -1}, skip: 20, limit: 150, batchSize: 7}", "c");

        Assert.Equal(expected, found.Select(static document => document["_id"].AsInt32));
    }

    [Fact]
    public async Task FindAndModify_returns_the_document_before_or_after()
    {
        await _client.SucceedAsync("{insert: 'c', documents: [{_id: 1, n: 1}, {_id: 2, n: 5}]}");
        var before = await _client.SucceedAsync("{findAndModify: 'c', query: {}, sort: {n: -1}, update: {$inc: {n: 1}}}");
        var after = await _client.SucceedAsync("{findAndModify: 'c', query: {_id: 2}, update: {$inc: {n: 1}}, new: true}");
        var removed = await _client.SucceedAsync("{findAndModify: 'c', query: {_id: 1}, remove: true}");
        var nothing = await _client.SucceedAsync("{findAndModify: 'c', query: {_id: 1}, remove: true}");

        Assert.Equal((5, 7), (before["value"]["n"].AsInt32, after["value"]["n"].AsInt32));
        Assert.Equal(1, removed["value"]["_id"].AsInt32);
        Assert.True(nothing["value"].IsBsonNull);
    }

    [Fact]
    public async Task A_unique_index_refuses_a_second_document_and_leaves_the_first()
    {
        await _client.SucceedAsync("{createIndexes: 'c', indexes: [{key: {a: 1}, name: 'a_1', unique: true}]}");
        var reply = await _client.RunAsync(
            "{insert: 'c', ordered: false, documents: [{_id: 1, a: 'x'}, {_id: 2, a: 'x'}, {_id: 3}, {_id: 4}, {_id: 5, a: 'y'}]}");

        Assert.Equal(3, reply["n"].AsInt32);
        Assert.Equal([1, 3], reply["writeErrors"].AsBsonArray.Select(static error => error["index"].AsInt32));
        Assert.Contains("a_1 dup key: { a: \"x\" }", reply["writeErrors"][0]["errmsg"].AsString, StringComparison.Ordinal);
        Assert.True((await _client.SucceedAsync("{validate: 'c'}"))["valid"].AsBoolean);
    }

    [Fact]
    public async Task Indexes_are_listed_refused_and_dropped_by_the_rules()
    {
        await _client.SucceedAsync("{createIndexes: 'c', indexes: [{key: {a: 1}, name: 'a_1'}]}");
        var again = await _client.SucceedAsync("{createIndexes: 'c', indexes: [{key: {a: 1}, name: 'a_1'}]}");
        var otherOptions = await _client.RunAsync("{createIndexes: 'c', indexes: [{key: {a: 1}, name: 'a_1', unique: true}]}");
        var otherKey = await _client.RunAsync("{createIndexes: 'c', indexes: [{key: {b: 1}, name: 'a_1'}]}");
        var listed = await _client.ReadAllAsync("{listIndexes: 'c'}", "c");
        var primary = await _client.RunAsync("{dropIndexes: 'c', index: '_id_'}");
        await _client.SucceedAsync("{dropIndexes: 'c', index: {a: 1}}");

        Assert.Equal("all indexes already exist", again["note"].AsString);
        Assert.Equal((85, 86, 72), (otherOptions["code"].AsInt32, otherKey["code"].AsInt32, primary["code"].AsInt32));
        Assert.Equal(["_id_", "a_1"], listed.Select(static index => index["name"].AsString));
        Assert.Single(await _client.ReadAllAsync("{listIndexes: 'c'}", "c"));
    }

    [Fact]
    public async Task Collections_and_databases_come_and_go()
    {
        await _client.SucceedAsync("{create: 'empty'}");
        await _client.SucceedAsync("{insert: 'full', documents: [{_id: 1}]}");
        var names = await _client.ReadAllAsync("{listCollections: 1, nameOnly: true}", "$cmd.listCollections");
        await _client.SucceedAsync("{drop: 'full'}");
        var found = await _client.ReadAllAsync("{find: 'full'}", "full");
        await _client.SucceedAsync("{dropDatabase: 1}");
        var databases = await _client.SucceedAsync("{listDatabases: 1}", "admin");

        Assert.Equal(["empty", "full"], names.Select(static name => name["name"].AsString));
        Assert.Empty(found);
        Assert.Empty(databases["databases"].AsBsonArray);
    }

    [Theory]
    [InlineData("{nonsense: 1}", 59)]
    [InlineData("{find: 'c', filtr: {}}", 40415)]
    [InlineData("{find: 'c', skip: 'x'}", 14)]
    [InlineData("{find: 'c', limit: -1}", 51024)]
    [InlineData("{find: 'c', filter: {$or: true}}", 2)]
    [InlineData("{find: 'c', collation: {locale: 'en'}}", 2)]
    [InlineData("{find: 'c', hint: 'nothing'}", 0)]
    [InlineData("{find: '', filter: {}}", 73)]
    [InlineData("{find: 'a$b'}", 73)]
    [InlineData("{insert: 'c', documents: []}", 16)]
    [InlineData("{insert: 'c', txnNumber: NumberLong(1), documents: [{}]}", 20)]
    [InlineData("{create: 'v', viewOn: 'c', pipeline: []}", 72)]
    [InlineData("{createIndexes: 'c', indexes: [{key: {a: 'text'}, name: 't'}]}", 67)]
    [InlineData("{listIndexes: 'missing'}", 26)]
    [InlineData("{find: 'c', readConcern: {level: 'snapshot'}}", 123)]
    [InlineData("{insert: 'c', documents: [{}], writeConcern: {w: 2}}", 2)]
    [InlineData("{getParameter: 'foo'}", 72)]
    public async Task What_is_not_understood_is_refused_with_the_protocols_number(string command, int code)
    {
        var reply = await _client.RunAsync(command);

        Assert.Equal(code, reply.GetValue("code", 0).AsInt32);
        Assert.Equal(code == 0 ? 1 : 0, reply["ok"].AsDouble);
    }

    [Fact]
    public async Task Who_wants_no_reply_gets_none_not_even_of_an_error()
    {
        var message = _client.Message(Shell.Bson("{insert: 'c', documents: [{_id: 1}, {_id: 1}]}"), "test");
        message[16] = 2;
        await _client.SendAsync(message);

        Assert.Equal(1, (await _client.SucceedAsync("{count: 'c'}"))["n"].AsInt32);
    }

    [Theory]
    [InlineData("{hello: 1}"), InlineData("{ping: 1}"), InlineData("{buildInfo: 1}"), InlineData("{serverStatus: 1}"), InlineData("{hostInfo: 1}")]
    [InlineData("{connectionStatus: 1}"), InlineData("{getCmdLineOpts: 1}"), InlineData("{whatsmyuri: 1}"), InlineData("{getLog: 'startupWarnings'}")]
    [InlineData("{getParameter: 1, featureCompatibilityVersion: 1}"), InlineData("{dbStats: 1}"), InlineData("{collStats: 'c'}"),
        InlineData("{listCommands: 1}")]
    [InlineData("{startSession: 1}"), InlineData("{endSessions: []}"), InlineData("{explain: {find: 'c', filter: {a: 1}}}"),
        InlineData("{distinct: 'c', key: 'a'}")]
    public async Task Diagnostics_are_answered(string command) => await _client.SucceedAsync(command);

    [Fact]
    public async Task Documents_past_their_time_are_deleted_and_others_stay()
    {
        await _client.SucceedAsync("{createIndexes: 'c', indexes: [{key: {at: 1}, name: 'at_1', expireAfterSeconds: 60}]}");
        await _client.SucceedAsync("{insert: 'c', documents: [{_id: 1, at: ISODate('2020-01-01')}, {_id: 2, at: ISODate('2020-01-02')}, {_id: 3, at: 5}, {_id: 4}, {_id: 5, at: [ISODate('2030-01-01'), ISODate('2019-01-01')]}]}");

        await new Embedded.MongoDB.TtlMonitor(_server.Server)
            .RunRoundAsync(new DateTimeOffset(2020, 1, 1, 0, 2, 0, TimeSpan.Zero), CancellationToken.None);

        Assert.Equal([2, 3, 4], (await _client.ReadAllAsync("{find: 'c'}", "c")).Select(static document => document["_id"].AsInt32));
    }
}
