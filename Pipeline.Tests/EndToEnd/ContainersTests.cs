using Pipeline.Tests.Deploy;

namespace Pipeline.Tests.EndToEnd;

[Trait("Speed", "slow")]
public sealed class ContainersTests
{
    private const int Images = 200;

    [Fact]
    public async Task With_the_real_images_for_servers_every_image_is_stored_with_its_prediction()
    {
        await using var engine = await ContainerEngine.FindAsync();
        await engine.RequireAsync("confluentinc/confluent-local", "mongo");
        await using var pipeline = await RunningPipeline.StartAsync(
            "--Servers", "containers", "--Producers", "2", "--Images", $"{Images}", "--Rate", "0");

        await pipeline.StoredAsync(2 * Images, TimeSpan.FromMinutes(2));

        Assert.Equal(2 * Images, pipeline.RecordsIn("image_data"));
    }
}
