using System.Collections.Concurrent;
using System.Diagnostics;
using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Values;
using Embedded.Tests.MongoDB.Support;
using Embedded.Tests.Support;
using MongoDB.Bson;

namespace Embedded.Tests.MongoDB.Server;

[Trait("Speed", "slow")]
public sealed class DurabilityTests
{
    [Fact]
    public async Task A_restart_keeps_documents_payloads_indexes_and_counts()
    {
        await using var server = await RunningServer.StartAsync();
        await using (var client = await server.ConnectAsync())
        {
            await client.SucceedAsync("{createIndexes: 'c', indexes: [{key: {a: 1}, name: 'a_1', unique: true}, {key: {tags: 1}, name: 'tags_1'}]}");
            await client.RunAsync(Shell.Bson("{insert: 'c'}"), "test", ("documents",
                [.. Enumerable.Range(0, 100).Select(
                    static i =>
                        new BsonDocument { { "_id", i }, { "a", i }, { "tags", new BsonArray { i % 3, i % 5 } },
                            { "d", new byte[2000 + i] } }.ToBson())]));
        }

        await server.RestartAsync();
        await using var again = await server.ConnectAsync();

        Assert.Equal(100, (await again.SucceedAsync("{count: 'c'}"))["n"].AsInt32);
        Assert.Equal(2042, Assert.Single(await again.ReadAllAsync("{find: 'c', filter: {a: 42}}", "c"))["d"].AsByteArray.Length);
        Assert.Equal(11000, (await again.RunAsync("{insert: 'c', documents: [{_id: 1000, a: 5}]}"))["writeErrors"][0]["code"].AsInt32);
        Assert.Equal(46, (await again.ReadAllAsync("{find: 'c', filter: {tags: 1}}", "c")).Count);
        Assert.True((await again.SucceedAsync("{validate: 'c'}"))["valid"].AsBoolean);
    }

    [Fact]
    public async Task Writers_that_wait_together_share_a_commit_and_a_failing_one_harms_no_other()
    {
        await using var server = await RunningServer.StartAsync();
        var database = server.Server.Store.Open("test");

        var jobs = new List<Task<int>>();
        for (var i = 0; i < 40; i++)
        {
            var number = i;
            jobs.Add(database.Writer.WriteAsync(session =>
            {
                var document = new BsonDocument { { "_id", number }, { "x", number } }.ToBson();
                session.Open("c").Insert(KeyEncoding.Encode(Elements.Find(document, "_id"u8)), document);
                return number % 10 == 3 ? throw new InvalidOperationException("a bug in one request") : number;
            }));
        }

        var failed = 0;
        foreach (var job in jobs)
        {
            try { await job; }
            catch (InvalidOperationException) { failed++; }
        }

        await using var client = await server.ConnectAsync();
        Assert.Equal(4, failed);
        Assert.Equal(36, (await client.SucceedAsync("{count: 'c'}"))["n"].AsInt32);
        Assert.True((await client.SucceedAsync("{validate: 'c'}"))["valid"].AsBoolean);
    }

    [Fact]
    public async Task Eight_clients_that_write_halves_of_the_same_documents_leave_them_whole()
    {
        await using var server = await RunningServer.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            await using var client = await server.ConnectAsync();
            var random = new Random(writer);
            foreach (var first in Enumerable.Range(0, 20).OrderBy(_ => random.Next()))
            {
                var statements = Enumerable.Range(first * 50, 50).OrderBy(_ => random.Next())
                    .Select(id => Shell.Bson($"{{q: {{_id: {id}}}, u: {{$set: {{f{writer}: {id}}}}}, upsert: true}}")).ToArray();
                var reply = await client.RunAsync(Shell.Bson("{update: 'c', ordered: false}"), "test", ("updates", statements));
                Assert.Equal(50, reply["n"].AsInt32);
                Assert.False(reply.Contains("writeErrors"));
            }
        }));

        await using var reader = await server.ConnectAsync();
        var documents = await reader.ReadAllAsync("{find: 'c'}", "c");
        Assert.Equal(1000, documents.Count);
        Assert.All(documents, static document => Assert.Equal(9, document.ElementCount));
    }

    [Fact]
    public async Task Killed_at_a_random_moment_under_load_it_has_every_acknowledged_write()
    {
        const int KillCount = 8;
        const int WriterCount = 4;
        const int BatchSize = 200;
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartMongoDBAsync(folder.Path);
        await using (var client = await RawConnection.OpenAsync(server.Port))
        {
            await client.SucceedAsync("{createIndexes: 'c', indexes: [{key: {v: 1}, name: 'v_1'}]}");
        }

        var acknowledged = new ConcurrentDictionary<int, int>();
        var version = 0;
        var limit = Stopwatch.StartNew();
        for (var round = 0; round < KillCount && limit.Elapsed < TimeSpan.FromSeconds(50); round++)
        {
            var batches = 0;
            var writers = Enumerable.Range(0, WriterCount).Select(writer => WriteUntilClosedAsync(writer, random.Next())).ToArray();
            var enough = random.Next(5, 40);
            await Eventually.TrueAsync(() => Volatile.Read(ref batches) >= enough, TimeSpan.FromSeconds(30), () => server.Transcript);
            await server.KillAsync();
            await Task.WhenAll(writers);

            var restart = Stopwatch.StartNew();
            await server.RestartAsync();
            Assert.True(restart.Elapsed < TimeSpan.FromSeconds(10), $"seed {seed}: back after {restart.Elapsed}");
            await CheckAsync($"seed {seed}, round {round}");

            async Task WriteUntilClosedAsync(int writer, int writerSeed)
            {
                var mine = new Random(writerSeed);
                try
                {
                    await using var client = await RawConnection.OpenAsync(server.Port);
                    while (true)
                    {
                        // Writers share no ids, so the last acknowledged value of each is known.
                        var value = Interlocked.Increment(ref version);
                        var ids = Enumerable.Range(0, BatchSize).Select(_ => mine.Next(2000) * WriterCount + writer).Distinct().ToArray();
                        var statements = ids.Select(id => Statement(id, value)).ToArray();
                        await client.RunAsync(Shell.Bson("{update: 'c', ordered: false}"), "test", ("updates", statements));
                        foreach (var id in ids)
                        {
                            acknowledged[id] = value;
                        }

                        Interlocked.Increment(ref batches);
                    }
                }
                catch (Exception problem) when (problem is IOException or System.Net.Sockets.SocketException or Embedded.MongoDB.Wire.WireException)
                {
                    // The server was killed: what was not acknowledged may be there or not.
                }
            }
        }

        async Task CheckAsync(string when)
        {
            await using var client = await RawConnection.OpenAsync(server.Port);
            var check = await client.SucceedAsync("{validate: 'c'}");
            Assert.True(check["valid"].AsBoolean, $"{when}: {check}");

            var stored = (await client.ReadAllAsync("{find: 'c', batchSize: 2000}", "c")).ToDictionary(static document => document["_id"].AsInt32);
            foreach (var (id, value) in acknowledged)
            {
                Assert.True(stored.TryGetValue(id, out var document), $"{when}: the acknowledged {id} is gone");
                Assert.True(document["v"].AsInt32 >= value, $"{when}: {id} has {document["v"]}, {value} was acknowledged");
            }

            foreach (var document in stored.Values)
            {
                Assert.Equal(Pixels(document["_id"].AsInt32, document["v"].AsInt32), document["i"]["d"].AsByteArray);
            }
        }
    }

    private static byte[] Statement(int id, int value) => new BsonDocument
    {
        { "q", new BsonDocument("_id", id) },
        { "u", new BsonDocument("$set", new BsonDocument { { "v", value }, { "i", new BsonDocument("d", Pixels(id, value)) } }) },
        { "upsert", true },
    }.ToBson();

    /// <summary>Bytes that belong to this document and this value, and to no other.</summary>
    private static byte[] Pixels(int id, int value)
    {
        var pixels = new byte[1500];
        for (var i = 0; i < pixels.Length; i += 4)
        {
            BitConverter.TryWriteBytes(pixels.AsSpan(i), id * 31 + value * 17 + i);
        }

        return pixels;
    }
}
