using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Analytics;

/// <summary>A run on a store and a broker that hold earlier runs: whoever is asked counts the same images.</summary>
public sealed class RunProgressTests(KafkaFixture kafka, MongoDBFixture mongodb) : IClassFixture<KafkaFixture>, IClassFixture<MongoDBFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Progress_figures_and_page_count_this_run_and_say_what_was_there_before()
    {
        var database = mongodb.NewDatabase();
        var images = MongoDBFixture.Images(database);
        await images.InsertManyAsync(
            [ADocument.Of("camera-1", "ship", "car"), ADocument.Of("camera-1", "cat", "dog"), ADocument.Of("camera-9", "cat")],
            cancellationToken: default);
        await kafka.SendAsync(Topics.ImageData, "before"u8.ToArray());
        await kafka.SendAsync(Topics.ImageDataDeadLetters, "before"u8.ToArray());
        var since = DateTimeOffset.UtcNow.AddMilliseconds(1);           // the broker's times are in milliseconds
        await using var service = await ServiceProcess.StartAsync(
            "Pipeline.Analytics",
            ("ConnectionStrings__kafka", kafka.Address),
            ("ConnectionStrings__image-database", mongodb.ConnectionString(database)),
            ("Progress__Since", since.ToString("O", CultureInfo.InvariantCulture)),
            ("Progress__Pictures", "1,000 <test> images"));

        await kafka.SendAsync(Topics.ImageData, "now"u8.ToArray());
        await images.InsertOneAsync(ADocument.Of("camera-1", "ship", "ship", capturedAt: DateTime.UtcNow), cancellationToken: default);
        JsonElement progress = default;
        await Polling.UntilAsync(
            async () =>
                Number("stored", progress = await service.Http.GetFromJsonAsync<JsonElement>("/api/progress")) == 1 && Number("sent", progress) == 1,
            Limit, () => $"{progress}\n{service.Transcript}");

        Assert.Equal((1, 0, 3), (Number("inferred", progress), Number("deadLettered", progress), Number("earlier", progress)));
        Assert.Equal(100, progress.GetProperty("accuracyPercent").GetDouble());
        Assert.Equal(since, progress.GetProperty("since").GetDateTimeOffset());
        Assert.Equal("1,000 <test> images", progress.GetProperty("pictures").GetString());
        Assert.Equal(1, Number("total", await service.Http.GetFromJsonAsync<JsonElement>("/api/accuracy")));
        Assert.Equal("camera-1", Assert.Single((await service.Http.GetFromJsonAsync<JsonElement>("/api/producers")).EnumerateArray())
            .GetProperty("producerId").GetString());
        var broker = await service.Http.GetFromJsonAsync<JsonElement>("/api/broker");
        Assert.Equal((1, 0, 0), (Number("sent", broker), Number("deadLettered", broker), broker.GetProperty("latest").GetArrayLength()));
        var page = await service.Http.GetStringAsync("/");
        Assert.Contains("1,000 &lt;test&gt; images", page, StringComparison.Ordinal);
        Assert.Contains("3 from earlier runs", page, StringComparison.Ordinal);
    }

    private static long Number(string name, JsonElement answer) => answer.GetProperty(name).GetInt64();
}
