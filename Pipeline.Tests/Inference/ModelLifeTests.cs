using System.Net;
using System.Net.Http.Json;
using Embedded.Tests.Support;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Inference;

/// <summary>A model's file changes while the service runs.</summary>
[Trait("Speed", "slow")]
public sealed class ModelLifeTests : IAsyncLifetime
{
    private const string SecondCard = """{"labels": ["red 2", "green 2", "blue 2", "bright 2", "dark 2"]}""";

    /// <summary>Of the service, where nobody says otherwise.</summary>
    private const int MaxBatch = 64;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly KafkaFixture _kafka = new();
    private readonly TemporaryFolder _folder = new();
    private ServiceProcess _service = null!;

    public async ValueTask InitializeAsync()
    {
        await _kafka.InitializeAsync();
        new AModel().Write(_folder.Path);
        _service = await ServiceProcess.StartAsync("Pipeline.Inference", ("ConnectionStrings__kafka", _kafka.Address), ("Model__Name", _folder.Path));
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _kafka.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_new_version_takes_over_under_load_and_every_image_has_one_prediction_of_one_of_the_two()
    {
        using var sending = new CancellationTokenSource(Limit);
        var sent = new List<string>();
        var camera = Task.Run(async () =>
        {
            while (!sending.IsCancellationRequested)
            {
                var images = Enumerable.Range(0, 8).Select(_ => AnImage()).ToArray();
                sent.AddRange(images.Select(image => image.Id));
                await Task.WhenAll(
                    images.Select((image, i) => _kafka.SendAsync(Topics.ImageData, image.Write(), MessageEncoding.Protobuf, key: $"camera-{i}")));
            }
        });
        await Polling.UntilAsync(async () => (await ResultsAsync()).Count > 50, Limit, () => _service.Transcript);

        new AModel { IsInTwoFiles = true }.Write(_folder.Path, SecondCard);

        await Polling.UntilAsync(
            async () => (await ResultsAsync()).Any(result => result.InferredValue == "blue 2"), Limit, () => _service.Transcript);
        await sending.CancelAsync();
        await camera;
        await Polling.UntilAsync(
            async () => (await ResultsAsync()).Select(result => result.ImageId).ToHashSet().IsSupersetOf(sent), Limit, () => _service.Transcript);
        var results = await ResultsAsync();
        Assert.Equal(sent.Order(), results.Select(result => result.ImageId).Order());
        AssertChangesOnce(results);
        Assert.Equal(["blue", "blue 2"], results.GroupBy(result => result.ModelVersion)
            .Select(version => Assert.Single(version.Select(result => result.InferredValue).Distinct())).Order());
    }

    [Fact]
    public async Task Load_takes_what_the_files_are_now_and_the_protocol_tells_the_new_version()
    {
        var before = await VersionAsync();
        new AModel().Write(_folder.Path, SecondCard);

        using var loaded = await _service.Http.PostAsync("/v2/repository/models/colours/load", null);

        Assert.Equal(HttpStatusCode.OK, loaded.StatusCode);
        var after = await VersionAsync();
        Assert.NotEqual(before, after);
        var answer = await InferAsync();
        Assert.Equal("blue 2", answer);
        Assert.Equal(HttpStatusCode.NotFound, (await _service.Http.GetAsync($"/v2/models/colours/versions/{before}")).StatusCode);
        Assert.Equal($$"""[{"name":"colours","version":"{{after}}","state":"READY","reason":""}]""",
            await (await _service.Http.PostAsync("/v2/repository/index", null)).Content.ReadAsStringAsync());
        using var unknown = await _service.Http.PostAsync("/v2/repository/models/yolo/load", null);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_file_that_does_not_fit_is_one_line_and_the_model_in_use_goes_on()
    {
        var before = await VersionAsync();
        File.WriteAllText(_folder.File("colours.onnx"), "half a mod");

        using var refused = await _service.Http.PostAsync("/v2/repository/models/colours/load", null);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("does not accept the model", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Polling.UntilAsync(() => Task.FromResult(_service.Transcript.Contains("colours", StringComparison.Ordinal)
            && _service.Transcript.Contains("stays in use", StringComparison.Ordinal)), Limit, () => _service.Transcript);
        Assert.Equal((before, "blue"), (await VersionAsync(), await InferAsync()));

        new AModel().Write(_folder.Path, SecondCard);
        await Polling.UntilAsync(async () => await InferAsync() == "blue 2", Limit, () => _service.Transcript);
        Assert.Single(_service.Transcript.Split('\n'), line => line.Contains("stays in use", StringComparison.Ordinal));
    }

    /// <summary>Results of the new version come after those of the old: each of the other runners may have had one batch in hand.</summary>
    private static void AssertChangesOnce(List<InferenceResult> results)
    {
        var inOrder = results.OrderBy(result => result.InferredAt).ToList();
        var old = inOrder[0].ModelVersion;
        var late = inOrder.SkipWhile(result => result.ModelVersion == old).Count(result => result.ModelVersion == old);
        Assert.InRange(late, 0, (Environment.ProcessorCount - 1) * MaxBatch);
    }

    private static CapturedImage AnImage() => CapturedImage.Of(
        Guid.CreateVersion7().ToString(), "camera-1", "blue", DateTimeOffset.UtcNow, APicture.Plain(64, 48, new(50, 60, 210)));

    private async Task<string> VersionAsync() =>
        (await _service.Http.GetFromJsonAsync<System.Text.Json.JsonElement>("/v2/models/colours")).GetProperty("versions")[0].GetString()!;

    private async Task<string> InferAsync()
    {
        using var answer = await _service.Http.PostAsync("/infer", new ByteArrayContent(APicture.Png(AnImage().Picture)));
        return (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("InferredValue").GetString()!;
    }

    private async Task<List<InferenceResult>> ResultsAsync() => [.. (await TopicReader.ReadAllAsync(_kafka.Address, Topics.InferenceResults))
        .Select(record =>
    {
        Assert.True(
            InferenceResult.Parse(record.Message.Value, record.ContentType(), default).IsRead(out var result, out var problem), problem?.Text);
        return result;
    })];
}
