using MongoDB.Bson;
using MongoDB.Driver;
using Xunit;

namespace Embedded.Tests.Driver;

/// <summary>Documents in, documents out, through the driver and the server as they run.</summary>
public sealed class CollectionTests(DriverFixture fixture) : IClassFixture<DriverFixture>
{
    private readonly IMongoCollection<BsonDocument> _collection = fixture.NewCollection();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_inserted_document_gets_an_id_and_is_found_by_it()
    {
        var document = new BsonDocument { { "name", "ship" }, { "score", 0.5 } };

        await _collection.InsertOneAsync(document, cancellationToken: Token);

        Assert.Equal("_id", document.GetElement(0).Name);
        Assert.Equal(document, await _collection.Find(new BsonDocument("_id", document["_id"])).SingleAsync(Token));
    }

    [Fact]
    public async Task Every_type_survives_the_way_to_the_server_and_back()
    {
        var document = BsonDocument.Parse(MongoDB.Bson.SomeDocuments.EveryType);
        document.InsertAt(0, new BsonElement("_id", 1));

        await _collection.InsertOneAsync(document, cancellationToken: Token);

        Assert.Equal(document.ToBson(), (await _collection.Find(new BsonDocument()).SingleAsync(Token)).ToBson());
    }

    [Fact]
    public async Task A_second_document_with_the_same_id_is_a_write_exception_of_category_duplicate_key()
    {
        await _collection.InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Token);

        var e = await Assert.ThrowsAsync<MongoWriteException>(() => _collection.InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Token));

        Assert.Equal(ServerErrorCategory.DuplicateKey, e.WriteError!.Category);
        Assert.IsType<MongoBulkWriteException<BsonDocument>>(e.InnerException);
    }

    [Fact]
    public async Task Find_sorts_skips_limits_and_projects()
    {
        await InsertNumbersAsync(20);

        var found = await _collection.Find(new BsonDocument("n", new BsonDocument("$gte", 5)))
            .Sort(new BsonDocument("n", -1)).Skip(2).Limit(3).Project(new BsonDocument { { "_id", 0 }, { "n", 1 } }).ToListAsync(Token);

        Assert.Equal(["{ \"n\" : 17 }", "{ \"n\" : 16 }", "{ \"n\" : 15 }"], found.Select(d => d.ToString()));
    }

    [Fact]
    public async Task A_cursor_brings_everything_over_several_batches()
    {
        await InsertNumbersAsync(2500);
        var batchCount = 0;
        var numbers = new List<int>();

        using var cursor = await _collection.FindAsync<BsonDocument>(new BsonDocument(), new() { BatchSize = 200, Sort = new BsonDocument("n", 1) }, Token);
        while (await cursor.MoveNextAsync(Token))
        {
            batchCount++;
            numbers.AddRange(cursor.Current.Select(d => d["n"].AsInt32));
        }

        Assert.Equal(Enumerable.Range(0, 2500), numbers);
        Assert.Equal(13, batchCount);
    }

    [Fact]
    public async Task A_cursor_that_is_left_early_is_closed_on_the_server()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        await InsertNumbersAsync(500);

        Assert.NotNull(await (await _collection.FindAsync<BsonDocument>(new BsonDocument(), new() { BatchSize = 10 }, Token)).FirstAsync(Token));

        long open;
        do
        {
            var status = await _collection.Database.RunCommandAsync<BsonDocument>(new BsonDocument("serverStatus", 1), cancellationToken: limit.Token);
            open = status["metrics"]["cursor"]["open"]["total"].ToInt64();
        }
        while (open > 0);
    }

    [Fact]
    public async Task Updates_and_deletes_say_what_they_did()
    {
        await InsertNumbersAsync(4);

        var one = await _collection.UpdateOneAsync(new BsonDocument("n", 1), new BsonDocument("$set", new BsonDocument("x", 1)), cancellationToken: Token);
        var many = await _collection.UpdateManyAsync(new BsonDocument(), Builders<BsonDocument>.Update.Set("x", 1).Unset("y"), cancellationToken: Token);
        var upsert = await _collection.UpdateOneAsync(new BsonDocument("_id", "new"), Builders<BsonDocument>.Update.Inc("n", 9), new UpdateOptions { IsUpsert = true }, Token);
        var replaced = await _collection.ReplaceOneAsync(new BsonDocument("_id", "new"), new BsonDocument("z", 1), cancellationToken: Token);
        var deleted = await _collection.DeleteManyAsync(new BsonDocument("x", 1), Token);

        Assert.Equal((1L, 1L), (one.MatchedCount, one.ModifiedCount));
        Assert.Equal((4L, 3L), (many.MatchedCount, many.ModifiedCount));
        Assert.Equal((0L, "new"), (upsert.MatchedCount, upsert.UpsertedId!.AsString));
        Assert.Equal((1L, 1L), (replaced.MatchedCount, replaced.ModifiedCount));
        Assert.Equal(4, deleted.DeletedCount);
        Assert.Equal("""[{ "_id" : "new", "z" : 1 }]""", new BsonArray(await _collection.Find(new BsonDocument()).ToListAsync(Token)).ToString());
    }

    [Fact]
    public async Task Find_one_and_update_returns_the_document_before_or_after()
    {
        await _collection.InsertOneAsync(new BsonDocument { { "_id", 1 }, { "n", 1 } }, cancellationToken: Token);
        var increment = Builders<BsonDocument>.Update.Inc("n", 1);

        var before = await _collection.FindOneAndUpdateAsync(new BsonDocument("_id", 1), increment, cancellationToken: Token);
        var after = await _collection.FindOneAndUpdateAsync(
            new BsonDocument("_id", 1), increment, new FindOneAndUpdateOptions<BsonDocument> { ReturnDocument = ReturnDocument.After }, Token);
        var none = await _collection.FindOneAndDeleteAsync(new BsonDocument("_id", 2), cancellationToken: Token);

        Assert.Equal((1, 3), (before["n"].AsInt32, after["n"].AsInt32));
        Assert.Null(none);
    }

    [Fact]
    public async Task Counting_and_distinct_agree_with_what_was_inserted()
    {
        await InsertNumbersAsync(30);

        Assert.Equal(10, await _collection.CountDocumentsAsync(new BsonDocument("third", 1), cancellationToken: Token));
        Assert.Equal(30, await _collection.EstimatedDocumentCountAsync(cancellationToken: Token));
        Assert.Equal([0, 1, 2], (await (await _collection.DistinctAsync<int>("third", new BsonDocument(), cancellationToken: Token)).ToListAsync(Token)).Order());
    }

    [Fact]
    public async Task A_pipeline_groups()
    {
        await InsertNumbersAsync(30);
        PipelineDefinition<BsonDocument, BsonDocument> pipeline = new[]
        {
            BsonDocument.Parse("{ $group : { _id : '$third', total : { $sum : '$n' } } }"),
            BsonDocument.Parse("{ $sort : { _id : 1 } }"),
        };

        var groups = await (await _collection.AggregateAsync(pipeline, new AggregateOptions { AllowDiskUse = true }, Token)).ToListAsync(Token);
        var fluent = await _collection.Aggregate().Match(new BsonDocument("third", 1)).Group(BsonDocument.Parse("{ _id : null, n : { $sum : 1 } }")).SingleAsync(Token);

        Assert.Equal([135, 145, 155], groups.Select(g => g["total"].ToInt32()));
        Assert.Equal(10, fluent["n"].ToInt32());
    }

    [Fact]
    public async Task Indexes_are_created_listed_and_dropped()
    {
        var name = await _collection.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>(Builders<BsonDocument>.IndexKeys.Ascending("a").Descending("b"), new() { Unique = true }), cancellationToken: Token);

        Assert.Equal("a_1_b_-1", name);
        Assert.Equal(["_id_", name], (await (await _collection.Indexes.ListAsync(Token)).ToListAsync(Token)).Select(i => i["name"].AsString));
        await _collection.Indexes.DropOneAsync(name, Token);
        Assert.Single(await (await _collection.Indexes.ListAsync(Token)).ToListAsync(Token));
    }

    [Fact]
    public async Task A_command_that_is_refused_says_why()
    {
        var e = await Assert.ThrowsAsync<MongoCommandException>(
            () => _collection.Database.RunCommandAsync<BsonDocument>("{ noSuchThing : 1 }", cancellationToken: Token));

        Assert.Equal((59, "CommandNotFound"), (e.Code, e.CodeName));
        Assert.Equal("Command noSuchThing failed: no such command: 'noSuchThing'.", e.Message);
    }

    [Fact]
    public async Task Databases_and_collections_are_listed_and_dropped()
    {
        var database = fixture.Client.GetDatabase("listed_" + ObjectId.GenerateNewId());
        await database.CreateCollectionAsync("empty", cancellationToken: Token);
        await database.GetCollection<BsonDocument>("full").InsertOneAsync([], cancellationToken: Token);

        var collections = await (await database.ListCollectionNamesAsync(cancellationToken: Token)).ToListAsync(Token);
        var databases = await (await fixture.Client.ListDatabaseNamesAsync(Token)).ToListAsync(Token);
        await database.DropCollectionAsync("full", Token);
        await database.DropCollectionAsync("full", Token);
        await fixture.Client.DropDatabaseAsync(database.DatabaseNamespace.DatabaseName, Token);

        Assert.Equal(["empty", "full"], collections.Order());
        Assert.Contains(database.DatabaseNamespace.DatabaseName, databases);
        Assert.Empty(await (await database.ListCollectionNamesAsync(cancellationToken: Token)).ToListAsync(Token));
    }

    [Fact]
    public async Task An_unacknowledged_write_is_done_and_its_counts_are_not_known()
    {
        var result = await _collection.WithWriteConcern(WriteConcern.Unacknowledged).BulkWriteAsync(
            [new InsertOneModel<BsonDocument>(new BsonDocument("_id", 1))], cancellationToken: Token);

        Assert.False(result.IsAcknowledged);
        Assert.Throws<NotSupportedException>(() => result.InsertedCount);
        // The connection that was used last is used next, and the server answers a connection's requests in order.
        Assert.Equal(1, await _collection.CountDocumentsAsync(new BsonDocument(), cancellationToken: Token));
    }

    [Fact]
    public async Task An_update_without_operators_and_a_replacement_with_them_are_refused_before_they_are_sent()
    {
        await Assert.ThrowsAsync<ArgumentException>(
            () => _collection.UpdateOneAsync(new BsonDocument(), new BsonDocument("a", 1), cancellationToken: Token));
        await Assert.ThrowsAsync<ArgumentException>(
            () => _collection.ReplaceOneAsync(new BsonDocument(), new BsonDocument("$set", new BsonDocument("a", 1)), cancellationToken: Token));
    }

    private Task InsertNumbersAsync(int count) =>
        _collection.InsertManyAsync(Enumerable.Range(0, count).Select(n => new BsonDocument { { "_id", n }, { "n", n }, { "third", n % 3 } }), cancellationToken: Token);
}
