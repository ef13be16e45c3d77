using System.Net.Http.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.Tests.DbConsumer;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Analytics;

/// <summary>A dead letter's whole way: refused by one service, sent again by another, stored by the first.</summary>
[Trait("Speed", "slow")]
public sealed class DeadLetterMendTests(KafkaFixture kafka, MongoDBFixture mongodb) : AnalyticsProgram(kafka, mongodb)
{
    private readonly MongoDBFixture _mongodb = mongodb;

    [Fact]
    public async Task A_record_that_was_refused_is_stored_after_the_mend_and_a_replay()
    {
        var database = _mongodb.NewDatabase();
        var images = MongoDBFixture.Images(database);
        await images.Indexes.CreateOneAsync(
            new CreateIndexModel<BsonDocument>("{ producer_id: 1 }", new CreateIndexOptions { Unique = true, Name = "mine" }));
        await using var consumer = await ServiceProcess.StartAsync(
            "Pipeline.DbConsumer", ("ConnectionStrings__kafka", Kafka.Address),
            ("ConnectionStrings__image-database", _mongodb.ConnectionString(database)));
        await Kafka.SendAsync(Topics.ImageData, AnImage.Of("first").Write(), MessageEncoding.Protobuf);
        await Polling.UntilAsync(async () => await images.CountDocumentsAsync("{}") == 1, TimeSpan.FromSeconds(30), () => consumer.Transcript);
        var refused = await Kafka.SendAsync(Topics.ImageData, AnImage.Of("second").Write(), MessageEncoding.Protobuf);
        await Kafka.DeadLetterOfAsync(refused);

        await images.Indexes.DropOneAsync("mine");
        using var answer = await Service.Http.PostAsJsonAsync("/api/dead-letters/replay", new { });

        Assert.Equal("""{"sent":1,"left":0,"reasons":[]}""", await answer.Content.ReadAsStringAsync());
        await Polling.UntilAsync(
            async () => await images.CountDocumentsAsync("{ Image: { $exists: true } }") == 2, TimeSpan.FromSeconds(30), () => consumer.Transcript);
        Assert.Equal(0, await consumer.StopAsync());
    }
}
