using MongoDB.Bson;
using MongoDB.Driver;
using Xunit;

namespace Embedded.Tests.Driver;

/// <summary>Many writes at once: how they are grouped and split, and whose position an error carries.</summary>
public sealed class BulkWriteTests(DriverFixture fixture) : IClassFixture<DriverFixture>
{
    private readonly IMongoCollection<BsonDocument> _collection = fixture.NewCollection();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unordered_writes_of_mixed_kinds_are_counted_and_upserts_keep_their_positions()
    {
        await _collection.InsertOneAsync(new BsonDocument { { "_id", "old" }, { "n", 1 } }, cancellationToken: Token);

        var result = await _collection.BulkWriteAsync(
        [
            Upsert("a", 1),
            Insert("b"),
            new UpdateManyModel<BsonDocument>(new BsonDocument("_id", "old"), new BsonDocument("$inc", new BsonDocument("n", 1))),
            Upsert("c", 3),
            new ReplaceOneModel<BsonDocument>(new BsonDocument("_id", "old"), new BsonDocument("n", 9)),
            new DeleteOneModel<BsonDocument>(new BsonDocument("_id", "nobody")),
        ], new BulkWriteOptions { IsOrdered = false }, Token);

        Assert.Equal((1L, 2L, 2L, 0L, 6), (result.InsertedCount, result.MatchedCount, result.ModifiedCount, result.DeletedCount, result.RequestCount));
        Assert.Equal([(0, "a"), (3, "c")], result.Upserts.Select(u => (u.Index, u.Id.AsString)));
    }

    [Fact]
    public async Task Unordered_errors_carry_the_callers_positions_and_the_rest_is_written()
    {
        await _collection.InsertOneAsync(new BsonDocument("_id", "taken"), cancellationToken: Token);

        var e = await Assert.ThrowsAsync<MongoBulkWriteException<BsonDocument>>(() => _collection.BulkWriteAsync(
            [Upsert("x", 1), Insert("taken"), Insert("y"), Upsert("z", 1), Insert("taken")], new BulkWriteOptions { IsOrdered = false }, Token));

        Assert.Equal([(1, 11000), (4, 11000)], e.WriteErrors.Select(error => (error.Index, error.Code)));
        Assert.All(e.WriteErrors, error => Assert.Equal(ServerErrorCategory.DuplicateKey, error.Category));
        Assert.Empty(e.UnprocessedRequests);
        Assert.Equal((1L, 2), (e.Result.InsertedCount, e.Result.Upserts.Count));
        Assert.Equal(4, await _collection.CountDocumentsAsync(new BsonDocument(), cancellationToken: Token));
    }

    [Fact]
    public async Task An_ordered_bulk_stops_at_its_first_error_and_says_what_it_did_not_try()
    {
        var requests = new WriteModel<BsonDocument>[] { Insert("a"), Upsert("b", 1), Insert("a"), Insert("c"), Upsert("d", 1) };

        var e = await Assert.ThrowsAsync<MongoBulkWriteException<BsonDocument>>(() => _collection.BulkWriteAsync(requests, cancellationToken: Token));

        Assert.Equal(2, Assert.Single(e.WriteErrors).Index);
        Assert.Equal(requests[3..], e.UnprocessedRequests);
        Assert.Equal(requests[..3], e.Result.ProcessedRequests);
        Assert.Equal(2, await _collection.CountDocumentsAsync(new BsonDocument(), cancellationToken: Token));
    }

    [Fact]
    public async Task More_bytes_than_a_message_holds_go_out_in_several()
    {
        var payload = new byte[3_000_000];
        var requests = Enumerable.Range(0, 40).Select(n => new InsertOneModel<BsonDocument>(new BsonDocument { { "_id", n }, { "payload", payload } }));

        var result = await _collection.BulkWriteAsync(requests, new BulkWriteOptions { IsOrdered = false }, Token);

        Assert.Equal(40, result.InsertedCount);
        Assert.Equal(40, await _collection.CountDocumentsAsync(new BsonDocument(), cancellationToken: Token));
    }

    [Fact]
    public async Task A_document_above_the_limit_is_refused_before_anything_is_sent()
    {
        var tooLarge = new BsonDocument { { "_id", 1 }, { "payload", new byte[16 * 1024 * 1024] } };

        await Assert.ThrowsAsync<FormatException>(() => _collection.InsertOneAsync(tooLarge, cancellationToken: Token));
        await _collection.InsertOneAsync(new BsonDocument("_id", 2), cancellationToken: Token);

        Assert.Equal(1, await _collection.CountDocumentsAsync(new BsonDocument(), cancellationToken: Token));
    }

    [Fact]
    public async Task Two_writers_of_the_same_ids_commute()
    {
        var first = Enumerable.Range(0, 500).Select(n => Upsert($"i{n}", "GroundTruth", n)).ToArray();
        var second = Enumerable.Range(0, 500).Select(n => Upsert($"i{n}", "InferredValue", n)).Reverse().ToArray();

        await Task.WhenAll(
            first.Chunk(50).Select(chunk => (Task)_collection.BulkWriteAsync(chunk, new BulkWriteOptions { IsOrdered = false }, Token))
                .Concat(second.Chunk(50).Select(chunk => _collection.BulkWriteAsync(chunk, new BulkWriteOptions { IsOrdered = false }, Token))));

        var both = new BsonDocument { { "GroundTruth", new BsonDocument("$exists", true) }, { "InferredValue", new BsonDocument("$exists", true) } };
        Assert.Equal(500, await _collection.CountDocumentsAsync(both, cancellationToken: Token));
    }

    private static InsertOneModel<BsonDocument> Insert(string id) => new(new BsonDocument("_id", id));

    private static UpdateOneModel<BsonDocument> Upsert(string id, int n) => Upsert(id, "n", n);

    private static UpdateOneModel<BsonDocument> Upsert(string id, string field, int n) =>
        new(new BsonDocument("_id", id), new BsonDocument("$set", new BsonDocument(field, n))) { IsUpsert = true };
}
