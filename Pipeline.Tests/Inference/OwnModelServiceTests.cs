using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Embedded.Tests.Support;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.Support;
using SkiaSharp;

namespace Pipeline.Tests.Inference;

/// <summary>The service with a model of one's own in the shape of most exports: 224x224 floats in planes, logits out, five classes.</summary>
[Trait("Speed", "slow")]
public sealed class OwnModelServiceTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>, IDisposable
{
    private const string Model = "/v2/models/colours";
    private const int Elements = 3 * 224 * 224;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly SKColor Blue = new(50, 60, 210);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Pictures_of_any_size_become_predictions_with_the_models_labels()
    {
        await using var service = await StartAsync();
        var colours = new Dictionary<string, SKColor>
        {
            ["red"] = new(220, 60, 60),
            ["green"] = new(60, 200, 60),
            ["blue"] = Blue,
            ["bright"] = new(230, 230, 230),
            ["dark"] = new(20, 20, 20),
        };
        (int Width, int Height)[] sizes = [(640, 480), (90, 200), (224, 224)];
        var images = colours.SelectMany(colour => sizes.Select(size => AnImage(colour.Key, Jpeg(size.Width, size.Height, colour.Value)))).ToArray();

        await Task.WhenAll(images.Select(image => kafka.SendAsync(Topics.ImageData, image.Write(), MessageEncoding.Protobuf)));

        var results = new Dictionary<string, InferenceResult>();
        await Polling.UntilAsync(async () =>
        {
            foreach (var record in await TopicReader.ReadAllAsync(kafka.Address, Topics.InferenceResults))
            {
                Assert.True(InferenceResult.Parse(record.Message.Value, record.ContentType(), default).IsRead(out var result, out var problem),
                    problem?.Text);
                results[result.ImageId] = result;
            }
            return images.All(image => results.ContainsKey(image.Id));
        }, Limit, () => service.Transcript);
        Assert.All(images, image =>
        {
            var result = results[image.Id];
            Assert.Equal(image.GroundTruth, result.InferredValue);
            Assert.Equal(AModel.AllLabels, result.ClassLabels);
            Assert.Equal(1, result.Probabilities.ToArray().Sum(), 1e-4);
            Assert.Equal(("colours", 12), (result.ModelName, result.ModelVersion!.Length));
        });
    }

    [Fact]
    public async Task Over_HTTP_a_picture_gets_the_models_labels()
    {
        await using var service = await StartAsync();

        using var answer = await service.Http.PostAsync("/infer", new ByteArrayContent(Jpeg(300, 200, Blue).Data.ToArray()));

        var told = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("blue", told.GetProperty("InferredValue").GetString());
        Assert.Equal(AModel.AllLabels, told.GetProperty("Probabilities").EnumerateObject().Select(label => label.Name));
    }

    [Fact]
    public async Task The_Open_Inference_Protocol_tells_the_models_own_tensors_and_takes_them()
    {
        await using var service = await StartAsync();

        var metadata = JsonDocument.Parse(await service.Http.GetStringAsync(Model)).RootElement;
        Assert.Equal("""[{"name":"pictures","datatype":"FP32","shape":[-1,3,224,224]}]""", metadata.GetProperty("inputs").GetRawText());
        Assert.Equal(
            """[{"name":"scores","datatype":"FP32","shape":[-1,5],"parameters":{"labels":["red","green","blue","bright","dark"]}}]""",
            metadata.GetProperty("outputs").GetRawText());

        // Two images, all of one value: the first bright, the second dark.
        var tensor = new byte[2 * Elements * sizeof(float)];
        for (var i = 0; i < 2 * Elements; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(tensor.AsSpan(i * sizeof(float)), i < Elements ? 2 : -1);
        }

        var json = Encoding.UTF8.GetBytes(
            $$$"""{"inputs":[{"name":"pictures","datatype":"FP32","shape":[2,3,224,224],"parameters":{"binary_data_size":{{{tensor.Length}}}}}]}""");
        using var content = new ByteArrayContent([.. json, .. tensor]);
        content.Headers.Add("Inference-Header-Content-Length", $"{json.Length}");
        using var answer = await service.Http.PostAsync($"{Model}/infer", content);

        var output = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("outputs")[0];
        Assert.Equal("[2,5]", output.GetProperty("shape").GetRawText());
        float[] logits = [0, 0, 0, 24, -24, 0, 0, 0, -12, 12];          // what the graph gives, before softmax
        Assert.All(logits.Zip(output.GetProperty("data").EnumerateArray()), pair => Assert.Equal(pair.First, pair.Second.GetSingle(), 1e-3f));
    }

    [Fact]
    public async Task A_tensor_that_is_promised_and_not_sent_is_refused()
    {
        await using var service = await StartAsync();

        using var answer = await service.Http.PostAsync($"{Model}/infer",
            new StringContent("""{"inputs":[{"name":"pictures","datatype":"FP32","shape":[128,3,224,224],"data":[0.5,1e-3]}]}"""));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("must have 19267584 numbers, and has 2", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_does_not_fit_is_one_line_and_exit_code_1()
    {
        var ended = await ServiceProcess.RunAsync("Pipeline.Inference", [],
            ("ConnectionStrings__kafka", kafka.Address), ("Model__Name", new AModel().Write(_folder.Path, """{"labels": ["a", "b"]}""")));

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(
            "has 5 outputs; \"labels\" in model.json must name them", Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal);
    }

    private Task<ServiceProcess> StartAsync() => ServiceProcess.StartAsync(
        "Pipeline.Inference", ("ConnectionStrings__kafka", kafka.Address), ("Model__Name", new AModel().Write(_folder.Path)));

    private static CapturedImage AnImage(string truth, Picture picture) =>
        CapturedImage.Of(Guid.CreateVersion7().ToString(), "camera-1", truth, DateTimeOffset.UtcNow, picture);

    private static Picture Jpeg(int width, int height, SKColor colour) =>
        APicture.Read(APicture.Encode(APicture.Plain(width, height, colour), SKEncodedImageFormat.Jpeg));

    public void Dispose() => _folder.Dispose();
}
