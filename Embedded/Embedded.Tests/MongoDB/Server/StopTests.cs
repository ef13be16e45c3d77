using System.Collections.Concurrent;
using Embedded.Tests.MongoDB.Support;
using Embedded.Tests.Support;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Embedded.Tests.MongoDB.Server;

/// <summary>A store that stops while its clients are at work.</summary>
[Trait("Speed", "slow")]
public sealed class StopTests
{
    private const int BatchCount = 50;
    private static readonly byte[] Payload = new byte[20_000];

    [Fact]
    public async Task Stopping_under_load_is_quick_and_quiet_closes_every_file_and_keeps_what_was_acknowledged()
    {
        using var log = new RecordedLog();
        await using var running = await RunningServer.StartAsync(log: log);
        using var client = new MongoClient(running.Url + "/?serverSelectionTimeoutMS=500&retryWrites=false&retryReads=false");
        var things = client.GetDatabase("test").GetCollection<BsonDocument>("things");
        var acknowledged = new ConcurrentBag<int>();
        var load = Enumerable.Range(0, 4).Select(i => InsertAsync(things, i << 24, acknowledged))
            .Concat(Enumerable.Range(0, 2).Select(_ => ReadAsync(things)))
            .ToArray();
        await Eventually.TrueAsync(() => acknowledged.Count > 1000, TimeSpan.FromSeconds(20));
        await using var deaf = await running.ConnectAsync();
        await deaf.SendAsync(deaf.Message(Shell.Bson("{find: 'things', batchSize: 100000}"), "test"));
        await Eventually.TrueAsync(() => deaf.HasUnread);       // up to 16 MB, more than the sockets hold: the server's send waits for a reader

        await running.Server.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(8));

        Assert.Equal(0, running.Server.OpenConnectionCount);
        Assert.Empty(Directory.EnumerateFiles(running.Folder, "*-wal"));
        await Task.WhenAll(load).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(log.Errors.Count == 0, string.Join('\n', log.Errors));
        await running.OpenAsync();
        await using var again = await running.ConnectAsync();
        Assert.True((await again.SucceedAsync("{validate: 'things'}"))["valid"].AsBoolean);
        var stored = (await again.ReadAllAsync("{find: 'things', projection: {_id: 1}}", "things")).Select(static thing => thing["_id"].AsInt32)
            .ToHashSet();
        Assert.Empty(acknowledged.Except(stored));
    }

    /// <summary>Until the server has gone.</summary>
    private static async Task InsertAsync(IMongoCollection<BsonDocument> things, int first, ConcurrentBag<int> acknowledged)
    {
        try
        {
            for (var next = first; ; next += BatchCount)
            {
                var ids = Enumerable.Range(next, BatchCount);
                await things.InsertManyAsync(ids.Select(static id => new BsonDocument { { "_id", id }, { "kind", id % 7 }, { "d", Payload } }));
                foreach (var id in ids)
                {
                    acknowledged.Add(id);
                }
            }
        }
        catch (Exception gone) when (gone is MongoException or TimeoutException)
        {
            // The server stops.
        }
    }

    private static async Task ReadAsync(IMongoCollection<BsonDocument> things)
    {
        try
        {
            while (true)
            {
                await things.Find(FilterDefinition<BsonDocument>.Empty, new FindOptions { BatchSize = 100 }).ForEachAsync(static _ => { });
                await things.Aggregate().Group("{_id: '$kind', n: {$sum: 1}}").ToListAsync();
            }
        }
        catch (Exception gone) when (gone is MongoException or TimeoutException)
        {
            // The server stops.
        }
    }
}
