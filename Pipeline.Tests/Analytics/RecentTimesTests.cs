using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Analytics;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Analytics;

/// <summary>Reading the latest times from a real store.</summary>
public sealed class RecentTimesTests(MongoDBFixture mongodb) : IClassFixture<MongoDBFixture>
{
    private readonly IMongoCollection<BsonDocument> _images = MongoDBFixture.Images(mongodb.NewDatabase());

    [Fact]
    public async Task Times_come_in_milliseconds_with_right_wrong_and_not_yet_inferred()
    {
        await _images.InsertManyAsync(
            [
                ADocument.Of("a", "ship", "ship", capturedAt: ADocument.Noon.AddMilliseconds(7)),
                ADocument.Of("a", "ship", "car", capturedAt: ADocument.Noon),
                ADocument.Of("a", "ship", capturedAt: ADocument.Noon.AddSeconds(-1)),
            ],
            cancellationToken: default);

        var (times, _) = await RecentTimes.ReadAsync(MongoDBFixture.Typed(_images), new DateTimeOffset(ADocument.Noon).AddMinutes(-1), default);

        Assert.Equal([true, false, null], times.Select(image => image.IsCorrect));
        Assert.Equal(ADocument.Noon.AddMilliseconds(7), times[0].CapturedAt);
        Assert.Equal(1000, (times[0].StoredAt - times[0].CapturedAt)!.Value.TotalMilliseconds);
        Assert.Null(times[2].InferredAt);
    }

    [Fact]
    public async Task Only_the_latest_are_read_however_many_there_are()
    {
        await _images.InsertManyAsync(
            Enumerable.Range(0, 3_000).Select(index => ADocument.Of("a", "ship", "ship", capturedAt: ADocument.Noon.AddSeconds(-index))),
            cancellationToken: default);
        var from = new DateTimeOffset(ADocument.Noon).AddSeconds(-100);

        var (times, readFrom) = await RecentTimes.ReadAsync(MongoDBFixture.Typed(_images), from, default);

        Assert.InRange(times.Count, 100, 102);
        Assert.Equal(from, readFrom);
    }

    [Fact]
    public async Task An_empty_store_has_no_times()
    {
        var (times, _) = await RecentTimes.ReadAsync(MongoDBFixture.Typed(_images), new DateTimeOffset(ADocument.Noon), default);

        Assert.Empty(times);
    }
}
