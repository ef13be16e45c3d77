using Embedded.Tests.Support;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.ServiceDefaults;
using static Pipeline.Tests.DbConsumer.AnImage;

namespace Pipeline.Tests.DbConsumer;

/// <summary>What becomes of writes while the store is killed, away, or gone.</summary>
public sealed class StoreAwayTests
{
    [Fact]
    [Trait("Speed", "slow")]
    public async Task Writes_outlive_a_store_that_is_killed_and_comes_back()
    {
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.StartMongoDBAsync(data.Path);
        using var client = new MongoClient($"mongodb://{server.Address}/?serverSelectionTimeoutMS=1000");
        var images = client.GetDatabase("image_database").GetCollection<BsonDocument>("image_data");
        var store = ImageStoreTests.StoreOn(images);
        var written = 0;

        var killing = KillAndRestartAsync();
        for (; !killing.IsCompleted || written < 20; written++)
        {
            await store.WriteAsync([Half(Of($"{written}-a")), Half(Of($"{written}-b"))], default);
        }
        await killing;

        Assert.Equal(2 * written, await images.CountDocumentsAsync(new BsonDocument(), cancellationToken: default));

        async Task KillAndRestartAsync()
        {
            await Eventually.TrueAsync(() => Volatile.Read(ref written) > 5);
            await server.KillAsync();
            await server.RestartAsync();
        }
    }

    [Fact]
    public async Task A_store_that_is_not_there_at_the_start_ends_in_one_line_that_says_what_to_do()
    {
        using var client = new MongoClient("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200");
        var images = client.GetDatabase("image_database").GetCollection<BsonDocument>("image_data");
        var store = ImageStoreTests.StoreOn(images, startWithin: TimeSpan.FromMilliseconds(500));

        var gaveUp = await Assert.ThrowsAsync<StartupException>(() => store.EnsureIndexesAsync(default));

        Assert.DoesNotContain('\n', gaveUp.Message);
        Assert.Contains("image-database", gaveUp.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_store_that_is_away()
    {
        using var client = new MongoClient("mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=200");
        var images = client.GetDatabase("image_database").GetCollection<BsonDocument>("image_data");
        using var stopping = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => ImageStoreTests.StoreOn(images).WriteAsync([Half(Of("a"))], stopping.Token));
    }
}
