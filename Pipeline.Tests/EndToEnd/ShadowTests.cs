using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Embedded.Tests.Support;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.EndToEnd;

/// <summary>A second model in the shadow of the first, in the whole system.</summary>
[Trait("Speed", "slow")]
public sealed class ShadowTests
{
    private const int Images = 600;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Both_models_are_compared_on_the_same_images_and_the_predictions_are_those_of_the_first()
    {
        await using var pipeline = await RunningPipeline.StartAsync("--Shadow", "fp32", "--Producers", "2", "--Images", $"{Images / 2}", "--Rate", "0", "--Noise", "0.08");
        await pipeline.StoredAsync(Images, Limit);
        await ShadowedAsync(pipeline, Images);

        var documents = await pipeline.Images.Find(new BsonDocument()).ToListAsync();
        Assert.Equal(Images, documents.Count);
        Assert.All(documents, document => Assert.StartsWith("resnet20-cifar10-int8:", document["Model"].AsString, StringComparison.Ordinal));
        Assert.All(documents, document => Assert.StartsWith("resnet20-cifar10:", document["Shadow"]["Model"].AsString, StringComparison.Ordinal));
        Assert.All(documents, document => Assert.Equal(10, document["Shadow"]["Probabilities"].AsBsonArray.Count));
        var agreed = documents.Count(document => document["InferredValue"] == document["Shadow"]["InferredValue"]);
        var correct = documents.Count(document => document["InferredValue"] == document["GroundTruth"]);
        var shadowCorrect = documents.Count(document => document["Shadow"]["InferredValue"] == document["GroundTruth"]);
        Assert.InRange(agreed, Images * 9 / 10, Images);

        JsonElement pair = default;
        await Polling.UntilAsync(
            async () => (pair = (await ShadowAsync(pipeline)).EnumerateArray().FirstOrDefault()) is { ValueKind: JsonValueKind.Object }
                && pair.GetProperty("images").GetInt64() == Images,
            Limit, () => $"{pair}");
        Assert.Equal(
            (agreed, Images, correct, shadowCorrect, Math.Round(100.0 * agreed / Images, 2)),
            (pair.GetProperty("agreed").GetInt32(), pair.GetProperty("compared").GetInt32(), pair.GetProperty("correct").GetInt32(), pair.GetProperty("shadowCorrect").GetInt32(),
                pair.GetProperty("agreementPercent").GetDouble()));
        Assert.True(pair.GetProperty("latencyP50Ms").GetInt64() <= pair.GetProperty("latencyP95Ms").GetInt64(), $"{pair}");
        Assert.True(pair.GetProperty("shadowLatencyP50Ms").GetInt64() <= pair.GetProperty("shadowLatencyP95Ms").GetInt64(), $"{pair}");
        Assert.Equal(correct, (await pipeline.ProgressAsync()).GetProperty("correct").GetInt32());
        Assert.Contains("In the shadow", await pipeline.Analytics.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_share_the_others_have_no_shadow_and_are_as_if_there_were_none()
    {
        await using var pipeline = await RunningPipeline.StartAsync("--Shadow", "fp32", "--ShadowShare", "0.25", "--Producers", "1", "--Images", $"{Images}", "--Rate", "0");
        await pipeline.StoredAsync(Images, Limit);
        var documents = await pipeline.Images.Find(new BsonDocument()).ToListAsync();
        var share = new Pipeline.Inference.ImageShare(0.25);
        var chosen = documents.Select(document => document["_id"].AsString).Where(share.Has).Order().ToList();
        Assert.InRange(chosen.Count, Images / 6, Images / 3);

        await ShadowedAsync(pipeline, chosen.Count);

        var shadowed = await pipeline.Images.Find(HasShadow).ToListAsync();
        Assert.Equal(chosen, shadowed.Select(document => document["_id"].AsString).Order());
    }

    [Fact]
    public async Task A_shadow_that_cannot_load_its_model_says_so_and_the_pipeline_runs()
    {
        using var folder = new TemporaryFolder();
        var broken = folder.File("broken.onnx");
        await File.WriteAllTextAsync(broken, "half a mod");
        await using var pipeline = await RunningPipeline.StartAsync("--Shadow", broken, "--Producers", "1", "--Images", $"{Images}", "--Rate", "0");

        await pipeline.StoredAsync(Images, Limit);

        Assert.Equal(1, (await pipeline.ShownAsync("shadow", shown => shown.ExitCode is not null)).ExitCode);
        Assert.Contains(broken, await pipeline.LoggedAsync("shadow", "does not accept the model", Limit), StringComparison.Ordinal);
        foreach (var service in (string[])["inference", "db-consumer", "analytics"])
        {
            using var http = pipeline.HttpClientFor(service);
            Assert.Equal("Healthy", await http.GetStringAsync("/health"));
        }
        Assert.Equal("[]", (await ShadowAsync(pipeline)).ToString());
        Assert.DoesNotContain("In the shadow", await pipeline.Analytics.GetStringAsync("/"), StringComparison.Ordinal);
    }

    private static readonly BsonDocument HasShadow = new("Shadow", new BsonDocument("$exists", true));

    private static async Task<JsonElement> ShadowAsync(RunningPipeline pipeline) => await pipeline.Analytics.GetFromJsonAsync<JsonElement>("/api/shadow");

    private static Task ShadowedAsync(RunningPipeline pipeline, long images)
    {
        var shadowed = 0L;
        return Polling.UntilAsync(
            async () => (shadowed = await pipeline.Images.CountDocumentsAsync(HasShadow)) >= images, Limit,
            () => string.Create(CultureInfo.InvariantCulture, $"{shadowed} of {images} documents have a shadow's prediction"));
    }
}
