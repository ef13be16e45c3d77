using MongoDB.Bson;
using MongoDB.Driver;

namespace Pipeline.Tests.EndToEnd;

[Trait("Speed", "slow")]
public sealed class KillTests
{
    [Fact]
    public async Task Killing_each_process_in_turn_loses_and_duplicates_nothing()
    {
        const int Cameras = 2;
        const int ImagesPerCamera = 2_000;
        await using var pipeline = await RunningPipeline.StartAsync(
            "--Producers", $"{Cameras}", "--Images", $"{ImagesPerCamera}", "--Rate", "100");

        var next = 0;
        foreach (var victim in (string[])["inference", "db-consumer", "broker", "mongodb"])
        {
            await pipeline.StoredAsync(next += 300, TimeSpan.FromMinutes(1));
            await pipeline.KillAsync(victim);
        }

        await pipeline.StoredAsync(Cameras * ImagesPerCamera, TimeSpan.FromMinutes(2));
        var perProducer = await (await pipeline.Images.AggregateAsync((PipelineDefinition<BsonDocument, BsonDocument>)new[]
        {
            BsonDocument.Parse("""{ $group: { _id: "$producer_id", images: { $sum: 1 } } }"""),
            BsonDocument.Parse("""{ $sort: { _id: 1 } }"""),
        })).ToListAsync();
        Assert.Equal([("camera-1", ImagesPerCamera), ("camera-2", ImagesPerCamera)],
            perProducer.Select(row => (row["_id"].AsString, row["images"].ToInt32())));

        // Neither did the broker keep one twice: the producer is idempotent across the broker's death.
        Assert.Equal(Cameras * ImagesPerCamera, pipeline.RecordsIn("image_data"));
        Assert.Equal(0, pipeline.RecordsIn("image_data.dlq"));
    }
}
