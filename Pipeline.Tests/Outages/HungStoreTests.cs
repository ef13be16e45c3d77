using System.Net;
using Embedded.Tests.Support;
using Pipeline.Contracts;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Outages;

/// <summary>A store that is there and does not answer.</summary>
[Trait("Speed", "slow")]
public sealed class HungStoreTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task While_records_wait_and_none_gets_done_health_says_so()
    {
        using var data = new TemporaryFolder();
        await using var store = await ServerProcess.StartMongoDBAsync(data.Path);
        await using var service = await ServiceProcess.StartAsync("Pipeline.DbConsumer",
            ("ConnectionStrings__kafka", kafka.Address), ("ConnectionStrings__image-database", $"mongodb://{store.Address}/image_database"));
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/health")).StatusCode);

        Signal.SendStop(store.Id);
        var said = "";
        try
        {
            await kafka.SendAsync(Topics.ImageData, """{"ID":"1","GroundTruth":"ship"}"""u8.ToArray());
            await kafka.SendAsync(Topics.InferenceResults, """{"ID":"1","GroundTruth":"ship","InferredValue":"car"}"""u8.ToArray());
            await Polling.UntilAsync(
                async () => (said = await HealthAsync(service)).Contains("records wait", StringComparison.Ordinal),
                Limit, () => $"{said}\n{service.Transcript}");
        }
        finally
        {
            Signal.SendContinue(store.Id);
        }

        await Polling.UntilAsync(async () => await HealthAsync(service) == "Healthy", Limit, () => service.Transcript);
    }

    private static async Task<string> HealthAsync(ServiceProcess service)
    {
        using var answer = await service.Http.GetAsync("/health");
        return await answer.Content.ReadAsStringAsync();
    }
}
