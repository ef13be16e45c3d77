using Embedded.Tests.MongoDB.Bson;
using Embedded.Tests.MongoDB.Support;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Linq;

namespace Embedded.Tests.MongoDB.Clients;

/// <summary>The driver that the services use, with its defaults: retryable reads and writes, sessions, batches of its own.</summary>
[Trait("Speed", "slow")]
public sealed class OfficialDriverTests : IAsyncLifetime
{
    private static readonly FilterDefinition<BsonDocument> All = FilterDefinition<BsonDocument>.Empty;
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private RunningServer _server = null!;
    private MongoClient _client = null!;
    private IMongoCollection<BsonDocument> _things = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.StartAsync();
        _client = new MongoClient(_server.Url + "/?retryWrites=true&retryReads=true");
        _things = _client.GetDatabase("test").GetCollection<BsonDocument>("things");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_document_of_every_type_comes_back_as_it_was()
    {
        var document = BsonDocument.Parse(SomeDocuments.EveryType);
        await _things.InsertOneAsync(document, cancellationToken: Stop);

        Assert.Equal(document.ToBson(), (await _things.Find(All).SingleAsync(Stop)).ToBson());
    }

    [Fact]
    public async Task Documents_are_written_found_changed_and_deleted()
    {
        await _things.InsertManyAsync(Enumerable.Range(0, 10)
            .Select(static i => new BsonDocument { { "_id", i }, { "kind", i % 2 == 0 ? "even" : "odd" } }), cancellationToken: Stop);

        Assert.Equal(
            5, (await _things.UpdateManyAsync("{kind: 'odd'}", "{$set: {seen: true}, $inc: {n: 2}}", cancellationToken: Stop)).ModifiedCount);
        Assert.Equal(1, (await _things.ReplaceOneAsync("{_id: 1}", BsonDocument.Parse("{kind: 'other'}"), cancellationToken: Stop)).ModifiedCount);
        var upserted = await _things.UpdateOneAsync("{_id: 'new'}", "{$setOnInsert: {kind: 'other'}}", new UpdateOptions { IsUpsert = true }, Stop);
        var changed = await _things.FindOneAndUpdateAsync<BsonDocument>(
            "{_id: 3}", "{$inc: {n: 1}}", new() { ReturnDocument = ReturnDocument.After }, Stop);
        var removed = await _things.FindOneAndDeleteAsync<BsonDocument>("{kind: 'even'}", new() { Sort = "{_id: -1}" }, Stop);

        Assert.Equal("new", upserted.UpsertedId);
        Assert.Equal(3, changed["n"]);
        Assert.Equal(8, removed["_id"]);
        Assert.Equal(
            ["even", "odd", "other"], (await (await _things.DistinctAsync<string>("kind", All, cancellationToken: Stop)).ToListAsync(Stop)).Order());
        Assert.Equal([9, 7], (await _things.Find("{kind: 'odd'}").Sort("{_id: -1}").Limit(2).Project("{kind: 0}").ToListAsync(Stop))
            .Select(static thing => thing["_id"].AsInt32));
        Assert.Equal(4, (await _things.DeleteManyAsync("{kind: 'even'}", Stop)).DeletedCount);
        Assert.Equal(6, await _things.CountDocumentsAsync(All, cancellationToken: Stop));
        Assert.Equal(6, await _things.EstimatedDocumentCountAsync(cancellationToken: Stop));
    }

    [Theory]
    [InlineData(true, 1, 2)]
    [InlineData(false, 2, 4)]
    public async Task A_bulk_write_with_duplicates_stops_or_goes_on_as_it_was_asked_to(bool isOrdered, int errorCount, int insertedCount)
    {
        var failure = await Assert.ThrowsAsync<MongoBulkWriteException<BsonDocument>>(() => _things.BulkWriteAsync(
            new[] { 1, 2, 1, 3, 2, 4 }.Select(static id => new InsertOneModel<BsonDocument>(new BsonDocument("_id", id))),
            new BulkWriteOptions { IsOrdered = isOrdered }, Stop));

        Assert.Equal(errorCount, failure.WriteErrors.Count);
        Assert.All(failure.WriteErrors, static error => Assert.Equal((ServerErrorCategory.DuplicateKey, 11000), (error.Category, error.Code)));
        Assert.Equal(2, failure.WriteErrors[0].Index);
        Assert.Equal(insertedCount, failure.Result.InsertedCount);
        Assert.Equal(insertedCount, await _things.CountDocumentsAsync(All, cancellationToken: Stop));
    }

    [Fact]
    public async Task Halves_of_a_document_meet_in_unordered_upserts_and_the_predecessors_query_counts_them()
    {
        var captured = Enumerable.Range(0, 1000).Select(
            static i => Upsert(i, new BsonDocument { { "GroundTruth", $"c{i % 10}" }, { "Image", new BsonDocument("Data", new byte[3072]) } }));
        var inferred = Enumerable.Range(0, 1000).Select(static i => Upsert(i, new BsonDocument("InferredValue", $"c{(i % 4 == 0 ? 0 : i % 10)}")));
        var unordered = new BulkWriteOptions { IsOrdered = false };

        Assert.Equal(1000, (await _things.BulkWriteAsync(captured, unordered, Stop)).Upserts.Count);
        Assert.Equal(1000, (await _things.BulkWriteAsync(inferred, unordered, Stop)).ModifiedCount);
        Assert.Equal(0, (await _things.BulkWriteAsync(inferred, unordered, Stop)).ModifiedCount);

        var accuracy = await _things.Aggregate<BsonDocument>(new BsonDocument[]
        {
            BsonDocument.Parse(
                "{$group: {_id: null, total: {$sum: 1}, correct: {$sum: {$cond: [{$eq: ['$InferredValue', '$GroundTruth']}, 1, 0]}}}}"),
            BsonDocument.Parse("{$project: {_id: 0, total: 1, correct: 1, accuracy: {$divide: ['$correct', '$total']}}}"),
        }, cancellationToken: Stop).SingleAsync(Stop);
        Assert.Equal(BsonDocument.Parse("{total: 1000, correct: 800, accuracy: 0.8}"), accuracy);
        Assert.Equal(100, await _things.AsQueryable().Where(static thing => thing["GroundTruth"] == "c7").CountAsync(Stop));

        static UpdateOneModel<BsonDocument> Upsert(int id, BsonDocument fields) =>
            new(new BsonDocument("_id", $"image-{id}"), new BsonDocument("$set", fields)) { IsUpsert = true };
    }

    [Fact]
    public async Task Indexes_are_made_listed_enforced_and_dropped()
    {
        var keys = Builders<BsonDocument>.IndexKeys;
        await _things.Indexes.CreateManyAsync(
            [new(keys.Ascending("name"), new() { Unique = true, Name = "by_name" }), new(keys.Ascending("kind").Descending("at"))], Stop);
        await _things.InsertOneAsync(new BsonDocument("name", "a"), cancellationToken: Stop);

        var refused = await Assert.ThrowsAsync<MongoWriteException>(
            () => _things.InsertOneAsync(new BsonDocument("name", "a"), cancellationToken: Stop));

        Assert.Equal(ServerErrorCategory.DuplicateKey, refused.WriteError.Category);
        Assert.Equal(["_id_", "by_name", "kind_1_at_-1"],
            (await (await _things.Indexes.ListAsync(Stop)).ToListAsync(Stop)).Select(static index => index["name"].AsString));
        await _things.Indexes.DropOneAsync("by_name", Stop);
        await _things.InsertOneAsync(new BsonDocument("name", "a"), cancellationToken: Stop);
    }

    [Fact]
    public async Task A_cursor_gives_every_document_once_in_batches_and_none_after_it_is_disposed_of()
    {
        await _things.InsertManyAsync(Enumerable.Range(0, 5000).Select(static i => new BsonDocument("_id", i)), cancellationToken: Stop);
        var seen = new List<int>();
        using (var cursor = await _things.Find(All, new() { BatchSize = 999 }).Sort("{_id: 1}").ToCursorAsync(Stop))
        {
            while (await cursor.MoveNextAsync(Stop))
            {
                seen.AddRange(cursor.Current.Select(static thing => thing["_id"].AsInt32));
            }
        }
        Assert.Equal(Enumerable.Range(0, 5000), seen);

        using (var left = await _things.Find(All, new() { BatchSize = 10 }).ToCursorAsync(Stop))
        {
            Assert.True(await left.MoveNextAsync(Stop));
        }

        var open = (await _client.GetDatabase("admin")
            .RunCommandAsync<BsonDocument>("{serverStatus: 1}", cancellationToken: Stop))["metrics"]["cursor"]["open"]["total"].ToInt64();
        Assert.Equal(0, open);
    }

    [Fact]
    public async Task A_document_that_grows_and_shrinks_is_whole_at_every_size()
    {
        await _things.InsertOneAsync(new BsonDocument("_id", 1), cancellationToken: Stop);
        foreach (var size in new[] { 10, 1000, 5000, 70_000, 3_000_000, 15_000_000, 2000, 0 })
        {
            var data = new byte[size];
            new Random(size).NextBytes(data);
            await _things.UpdateOneAsync(
                "{_id: 1}", new BsonDocument("$set", new BsonDocument { { "size", size }, { "data", data } }), cancellationToken: Stop);

            var found = await _things.Find("{_id: 1}").SingleAsync(Stop);
            Assert.Equal(size, found["size"]);
            Assert.True(data.AsSpan().SequenceEqual(found["data"].AsByteArray), $"{size} bytes");
        }

        var refused = await Assert.ThrowsAnyAsync<Exception>(
            () => _things.InsertOneAsync(new BsonDocument("data", new byte[17_000_000]), cancellationToken: Stop));
        Assert.Contains("size", refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, await _things.CountDocumentsAsync(All, cancellationToken: Stop));
    }

    [Fact]
    public async Task A_session_is_taken_and_a_transaction_refused_as_a_standalone_server_does()
    {
        using var session = await _client.StartSessionAsync(cancellationToken: Stop);
        await _things.InsertOneAsync(session, new BsonDocument("_id", 1), cancellationToken: Stop);
        Assert.Equal(1, await _things.CountDocumentsAsync(session, All, cancellationToken: Stop));

        var refused = await Assert.ThrowsAsync<NotSupportedException>(async () =>
        {
            session.StartTransaction();
            await _things.InsertOneAsync(session, new BsonDocument("_id", 2), cancellationToken: Stop);
        });
        Assert.Contains("Standalone servers do not support transactions", refused.Message, StringComparison.Ordinal);
    }
}
