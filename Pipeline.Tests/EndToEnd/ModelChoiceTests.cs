using Embedded.Tests.Support;
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
        await using var pipeline = await RunningPipeline.StartAsync("--Model", "fp32", "--Producers", "1", "--Images", $"{Images}", "--Rate", "0");
        await pipeline.StoredAsync(Images, TimeSpan.FromMinutes(1));

        var models = await (await pipeline.Images.DistinctAsync<string>("Model", new BsonDocument())).ToListAsync();

        Assert.StartsWith("resnet20-cifar10:", Assert.Single(models), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_of_ones_own_is_named_by_every_document_with_its_labels_and_the_page_shows_them()
    {
        using var folder = new TemporaryFolder();
        new AModel().Write(folder.Path);
        await using var pipeline = await RunningPipeline.StartAsync(
            "--Model", folder.Path, "--Producers", "1", "--Images", $"{Images}", "--Rate", "0");
        await pipeline.StoredAsync(Images, TimeSpan.FromMinutes(1));

        var documents = await pipeline.Images.Find(new BsonDocument()).ToListAsync();

        Assert.All(documents, document =>
        {
            Assert.StartsWith("colours:", document["Model"].AsString, StringComparison.Ordinal);
            Assert.Contains(document["InferredValue"].AsString, AModel.AllLabels);
            Assert.Equal(new BsonArray(AModel.AllLabels), document["Labels"]);
        });
        Assert.Contains($">{AModel.AllLabels[0]}</b> <meter", await pipeline.Analytics.GetStringAsync("/"), StringComparison.Ordinal);
    }
}
