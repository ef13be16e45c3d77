using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Embedded.Tests.Support;
using MongoDB.Bson;
using MongoDB.Driver;
using Xunit;

namespace Embedded.Tests.Driver;

/// <summary>What callers see while the server is away, and that it is over when the server is back.</summary>
public sealed class OutageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_is_not_there_is_a_timeout_that_names_it()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);        // takes the port, then gives it up: nobody listens there
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var client = new MongoClient($"mongodb://127.0.0.1:{port}/?serverSelectionTimeoutMS=300");
        var clock = Stopwatch.StartNew();

        var e = await Assert.ThrowsAsync<TimeoutException>(() => Ping(client));

        Assert.Contains($"127.0.0.1:{port}", e.Message, StringComparison.Ordinal);
        Assert.InRange(clock.ElapsedMilliseconds, 250, 20_000);
    }

    [Fact]
    public async Task A_server_that_never_answers_does_not_hold_a_cancelled_caller()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new MongoClient($"mongodb://{listener.LocalEndpoint}/");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var ping = Ping(client, cancel.Token);
        using var accepted = await listener.AcceptTcpClientAsync(Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ping);
    }

    [Fact]
    public async Task A_cancelled_token_is_seen_before_anything_is_sent()
    {
        using var client = new MongoClient("mongodb://127.0.0.1:1/");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Ping(client, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task A_server_killed_under_writes_is_a_connection_exception_and_the_client_recovers_after_its_restart()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServerProcess.StartMongoDBAsync(folder.Path);
        using var client = new MongoClient($"mongodb://{server.Address}/?serverSelectionTimeoutMS=5000");
        var collection = client.GetDatabase("outage").GetCollection<BsonDocument>("c");
        var acknowledged = new ConcurrentBag<int>();

        var writers = Enumerable.Range(0, 8).Select(writer => WriteUntilItFailsAsync(collection, writer * 1_000_000, acknowledged)).ToArray();
        await Eventually.TrueAsync(() => acknowledged.Count > 50);
        await server.KillAsync();
        var failures = await Task.WhenAll(writers);
        await server.RestartAsync();
        await collection.InsertOneAsync(new BsonDocument("_id", -1), cancellationToken: Token);

        // Whoever waited for a reply lost the connection; whoever came later found no server.
        Assert.Contains(failures, e => e is MongoConnectionException);
        Assert.All(failures, e => Assert.True(e is MongoConnectionException or TimeoutException, e.ToString()));
        var found = (await collection.Find(new BsonDocument()).ToListAsync(Token)).Select(d => d["_id"].AsInt32).ToHashSet();
        Assert.Superset(acknowledged.ToHashSet(), found);
    }

    private static async Task<Exception> WriteUntilItFailsAsync(IMongoCollection<BsonDocument> collection, int first, ConcurrentBag<int> acknowledged)
    {
        try
        {
            for (var n = first; ; n++)
            {
                await collection.InsertOneAsync(new BsonDocument("_id", n), cancellationToken: Token);
                acknowledged.Add(n);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e;
        }
    }

    private static Task<BsonDocument> Ping(MongoClient client, CancellationToken? token = null) =>
        client.GetDatabase("admin").RunCommandAsync<BsonDocument>("{ ping : 1 }", cancellationToken: token ?? Token);
}
