using Embedded.Tests.MongoDB.Support;
using Embedded.Tests.Support;
using MongoDB.Bson;

namespace Embedded.Tests.MongoDB.Server;

/// <summary>A disk that is full refuses what grows, harms nothing, and is forgiven when it has room again.</summary>
[Trait("Speed", "slow")]
public sealed class DiskTests
{
    private const int OutOfDiskSpace = 14031;
    private static readonly byte[] Document = new BsonDocument("d", new byte[100_000]).ToBson();

    [Fact]
    public async Task What_grows_is_refused_below_the_reserve_and_taken_again_above_it()
    {
        await using var disk = await SmallDisk.MountAsync(64);
        await using var server = await ServerProcess.StartMongoDBAsync(disk.Data, "--min-free-mb", "16");
        await using var client = await RawConnection.OpenAsync(server.Port);
        Assert.Equal(0, await InsertAsync(client));

        disk.Fill(leftBytes: 8 << 20);
        await Eventually.TrueAsync(async () => await InsertAsync(client) == OutOfDiskSpace, TimeSpan.FromSeconds(10));
        Assert.Equal(
            OutOfDiskSpace, (await client.RunAsync("{update: 'c', updates: [{q: {_id: 1}, u: {$set: {a: 1}}, upsert: true}]}"))["code"].AsInt32);
        var count = (await client.SucceedAsync("{count: 'c'}"))["n"].AsInt32;
        await client.SucceedAsync("{delete: 'c', deletes: [{q: {}, limit: 1}]}");
        Assert.Equal(count - 1, (await client.SucceedAsync("{count: 'c'}"))["n"].AsInt32);

        disk.Empty();
        await Eventually.TrueAsync(async () => await InsertAsync(client) == 0, TimeSpan.FromSeconds(10));
        await SaysAsync(server, "writes are refused");
        await SaysAsync(server, "writes go on");
        Assert.Equal(0, await server.StopAsync());
    }

    [Fact]
    public async Task A_disk_that_is_full_to_the_last_byte_costs_the_write_and_nothing_else()
    {
        await using var disk = await SmallDisk.MountAsync(32);
        await using var server = await ServerProcess.StartMongoDBAsync(disk.Data, "--min-free-mb", "0");
        await using var client = await RawConnection.OpenAsync(server.Port);
        var stored = 0;
        int code;
        for (disk.Fill(leftBytes: 6 << 20); (code = await InsertAsync(client)) == 0;)
        {
            stored++;
        }

        Assert.Equal(OutOfDiskSpace, code);
        Assert.Equal(OutOfDiskSpace, await InsertAsync(client));
        Assert.Equal(stored, (await client.SucceedAsync("{count: 'c'}"))["n"].AsInt32);

        disk.Empty();
        Assert.Equal(0, await InsertAsync(client));
        Assert.True((await client.SucceedAsync("{validate: 'c'}"))["valid"].AsBoolean);

        disk.Fill(leftBytes: 0);
        Assert.Equal(0, await server.StopAsync());
        disk.Empty();
        await server.RestartAsync();
        await using var again = await RawConnection.OpenAsync(server.Port);
        Assert.Equal(stored + 1, (await again.SucceedAsync("{count: 'c'}"))["n"].AsInt32);
        Assert.True((await again.SucceedAsync("{validate: 'c'}"))["valid"].AsBoolean);
    }

    // A line may come after the answer to the write that it is about.
    private static Task SaysAsync(ServerProcess server, string text) =>
        Eventually.TrueAsync(() => server.Transcript.Contains(text, StringComparison.Ordinal), state: () => server.Transcript);

    private static async Task<int> InsertAsync(RawConnection client)
    {
        var reply = await client.RunAsync(Shell.Bson("{insert: 'c'}"), "test", ("documents", [Document]));
        return reply["ok"] == 1 && !reply.Contains("writeErrors") ? 0 : reply["code"].AsInt32;
    }
}
