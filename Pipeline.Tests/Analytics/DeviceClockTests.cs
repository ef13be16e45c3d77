using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Analytics;

/// <summary>Cameras whose clocks are off, beside one whose clock is right: what is told of the others stays true.</summary>
[Trait("Speed", "slow")]
public sealed class DeviceClockTests(KafkaFixture kafka, MongoDBFixture mongodb) : IClassFixture<KafkaFixture>, IClassFixture<MongoDBFixture>
{
    private const int LatencyMs = 20;

    private readonly IMongoDatabase _database = mongodb.NewDatabase();
    private readonly DateTime _now = DateTime.UtcNow;

    private IMongoCollection<BsonDocument> Images => MongoDBFixture.Images(_database);

    [Fact]
    public async Task A_camera_a_year_ahead_blinds_neither_the_charts_nor_the_latest_images()
    {
        await using var service = await StartAsync();
        await Images.InsertManyAsync(
            Enumerable.Range(0, 1_200).Select(index => Stored("ahead", TimeSpan.FromDays(365), _now.AddSeconds(-300).AddMilliseconds(index))));
        await PointAsync(service, _ => true);                       // from here on only what is new is read

        await Images.InsertManyAsync(Enumerable.Range(0, 50).Select(_ => Stored("healthy", TimeSpan.Zero, DateTime.UtcNow.AddSeconds(3))));

        var point = await PointAsync(service, point => point.GetProperty("stored").GetDouble() == 5);
        Assert.Equal((LatencyMs, LatencyMs), (point.GetProperty("p50Ms").GetInt32(), point.GetProperty("p99Ms").GetInt32()));
        var recent = await service.Http.GetFromJsonAsync<JsonElement>("/api/images/recent?count=24");
        Assert.All(recent.EnumerateArray(), image => Assert.Equal("healthy", image.GetProperty("producerId").GetString()));
        Assert.Equal(24, (await service.Http.GetStringAsync("/")).Split("healthy · ").Length - 1);
    }

    [Theory]
    [InlineData("00:00:03", "3 s ahead")]
    [InlineData("-00:00:08", "8 s behind")]
    [InlineData("-1.00:00:00", "1 d behind")]
    public async Task The_latency_of_a_camera_whose_clock_is_off_is_left_out_and_counted(string offset, string shown)
    {
        var ahead = TimeSpan.Parse(offset, CultureInfo.InvariantCulture);
        await Images.InsertManyAsync(Enumerable.Range(0, 90).Select(index =>
            Stored(
                index % 3 == 0 ? "healthy" : "skewed", index % 3 == 0 ? TimeSpan.Zero : ahead, _now.AddSeconds(-30).AddMilliseconds(100 * index))));
        await using var service = await StartAsync();

        var points = (await service.Http.GetFromJsonAsync<JsonElement>("/api/timeline")).EnumerateArray().ToList();

        var point = points.First(point => point.GetProperty("stored").ValueKind == JsonValueKind.Number
            && point.GetProperty("stored").GetDouble() == 9);
        Assert.Equal((LatencyMs, LatencyMs), (point.GetProperty("p50Ms").GetInt32(), point.GetProperty("p99Ms").GetInt32()));
        Assert.Equal((60, 1), (point.GetProperty("latencyLeavesOutImages").GetInt32(), point.GetProperty("latencyLeavesOutCameras").GetInt32()));
        Assert.Contains(shown, await service.Http.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_camera_a_day_behind_is_counted_in_the_run_in_which_its_images_came()
    {
        await Images.InsertOneAsync(Stored("of yesterday", TimeSpan.Zero, _now.AddDays(-1)));
        await using var service = await StartAsync(("Progress__Since", _now.ToString("O", CultureInfo.InvariantCulture)));

        await Images.InsertOneAsync(Stored("behind", TimeSpan.FromDays(-1), DateTime.UtcNow));

        var progress = await service.Http.GetFromJsonAsync<JsonElement>("/api/progress");
        Assert.Equal((1, 1), (progress.GetProperty("stored").GetInt64(), progress.GetProperty("earlier").GetInt64()));
        Assert.InRange(progress.GetProperty("firstCapturedAt").GetDateTime().ToUniversalTime(), _now.AddMilliseconds(-1), DateTime.UtcNow);
    }

    private Task<ServiceProcess> StartAsync(params (string, string)[] settings) => ServiceProcess.StartAsync(
        "Pipeline.Analytics",
        [("ConnectionStrings__kafka", kafka.Address), ("ConnectionStrings__image-database", mongodb.ConnectionString(_database)), .. settings]);

    /// <summary>A point for which something holds.</summary>
    private static async Task<JsonElement> PointAsync(ServiceProcess service, Predicate<JsonElement> isWanted)
    {
        List<JsonElement> points = [];
        await Polling.UntilAsync(
            async () => (points = [.. (await service.Http.GetFromJsonAsync<JsonElement>("/api/timeline")).EnumerateArray()
                .Where(point => point.GetProperty("stored").ValueKind == JsonValueKind.Number && isWanted(point))]).Count > 0,
            TimeSpan.FromSeconds(30), () => service.Transcript);
        return points[0];
    }

    /// <param name="ahead">Of the camera's clock.</param>
    private static BsonDocument Stored(string producer, TimeSpan ahead, DateTime storedAt)
    {
        var document = ADocument.Of(producer, "ship", "ship", capturedAt: storedAt.AddMilliseconds(-LatencyMs) + ahead);
        document["StoredAt"] = document["InferredAt"] = storedAt;
        return document;
    }
}
