using MongoDB.Driver;
using Pipeline.Analytics;
using Pipeline.Analytics.Page;
using Pipeline.Contracts.Options;
using Pipeline.DbConsumer;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Analytics;

public sealed class WallTests(MongoDBFixture mongodb) : IClassFixture<MongoDBFixture>
{
    [Fact]
    public async Task A_picture_that_the_store_has_kept_long_enough_leaves_the_wall_and_does_not_come_back()
    {
        var documents = MongoDBFixture.Images(mongodb.NewDatabase());
        var images = MongoDBFixture.Typed(documents);
        var now = DateTime.UtcNow;
        await documents.InsertManyAsync([ADocument.Of("camera-1", "ship", id: "old", capturedAt: now.AddHours(-2)),
            ADocument.Of("camera-1", "ship", id: "young", capturedAt: now)]);
        var wall = new Wall(new StoredImages(images));
        Assert.Equal(["young", "old"], await ShownAsync());

        await new Retention(images, new KeepOptions { Images = "1h" }, TimeProvider.System).RunAsync(default);

        Assert.Equal(["young"], await ShownAsync());
        Assert.Equal(["young"], await ShownAsync());
        Assert.False((await new StoredImages(images).FindAsync("old", default))!.HasImage);

        await documents.DeleteOneAsync("{ _id: 'young' }");

        Assert.Empty(await ShownAsync());

        async Task<IEnumerable<string>> ShownAsync() => (await wall.TurnAsync(default)).Select(image => image.Id);
    }

    [Fact]
    public void A_wall_without_pictures_says_whether_there_were_any()
    {
        var figures = new Figures(new Dictionary<WrongInferences.Key, Tally> { [new("camera-1", "cat")] = new(Total: 1, Stored: 1) });

        Assert.Contains("No images yet", WallSection.Render(new()).Markup, StringComparison.Ordinal);
        Assert.Contains("no pictures any more", WallSection.Render(new() { Figures = figures }).Markup, StringComparison.Ordinal);
    }
}
