using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.EndToEnd;

[Trait("Speed", "slow")]
public sealed class ModelChoiceTests
{
    private const int Images = 40;

    [Fact]
    public async Task The_model_chosen_on_the_command_line_is_the_one_that_every_document_names()
    {
        await using var pipeline = await RunningPipeline.StartAsync("--Model", "int8", "--Producers", "1", "--Images", $"{Images}", "--Rate", "0");
        await pipeline.StoredAsync(Images, TimeSpan.FromMinutes(1));

        var models = await (await pipeline.Images.DistinctAsync<string>("Model", new BsonDocument())).ToListAsync();

        Assert.StartsWith("resnet20-cifar10-int8:", Assert.Single(models), StringComparison.Ordinal);
    }
}
