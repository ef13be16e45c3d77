using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Inference;

/// <summary>The Open Inference Protocol over HTTP, by requests as its specification and its binary extension show them.</summary>
[Trait("Speed", "slow")]
public sealed class OpenInferenceTests(InferenceFixture inference) : IClassFixture<InferenceFixture>
{
    private const string Model = "/v2/models/resnet20-cifar10-int8";
    private const string JsonLength = "Inference-Header-Content-Length";
    private const int ImageBytes = 3072;
    private const int MaxImages = 128;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly byte[] Ship = InferenceFixture.Picture(1).Data.ToArray();

    [Fact]
    public async Task Server_and_model_say_what_they_are()
    {
        var server = await inference.Http.GetFromJsonAsync<JsonElement>("/v2");
        Assert.Equal("pipeline-inference", server.GetProperty("name").GetString());
        Assert.NotEmpty(server.GetProperty("version").GetString()!);
        Assert.Equal(["binary_tensor_data", "model_repository"], server.GetProperty("extensions").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("""{"live":true}""", await inference.Http.GetStringAsync("/v2/health/live"));
        Assert.Equal("""{"ready":true}""", await inference.Http.GetStringAsync("/v2/health/ready"));

        var metadata = await inference.Http.GetStringAsync(Model);
        var version = JsonDocument.Parse(metadata).RootElement.GetProperty("versions")[0].GetString();
        Assert.Equal(
            $$$"""
            {"name":"resnet20-cifar10-int8","versions":["{{{version}}}"],"platform":"onnx_onnxv1","inputs":[{"name":"images","datatype":"UINT8","shape":[-1,32,32,3]}],"outputs":[{"name":"probabilities","datatype":"FP32","shape":[-1,10],"parameters":{"labels":["plane","car","bird","cat","deer","dog","frog","horse","ship","truck"]}}]}
            """, metadata);
        Assert.Equal(metadata, await inference.Http.GetStringAsync($"{Model}/versions/{version}"));
        Assert.Equal("""{"name":"resnet20-cifar10-int8","ready":true}""", await inference.Http.GetStringAsync($"{Model}/ready"));
        Assert.Equal("""{"name":"resnet20-cifar10-int8","ready":true}""", await inference.Http.GetStringAsync($"{Model}/versions/{version}/ready"));
    }

    [Fact]
    public async Task A_tensor_gets_the_prediction_that_its_picture_gets_over_Kafka_in_JSON_and_in_binary()
    {
        var image = CapturedImage.Of(Guid.CreateVersion7().ToString(), "camera-1", "ship", DateTimeOffset.UtcNow, InferenceFixture.Picture(1));
        await inference.Kafka.SendAsync(Topics.ImageData, image.Write(), MessageEncoding.Protobuf);
        InferenceResult? overKafka = null;
        await Polling.UntilAsync(async () => (overKafka = await ResultOfAsync(image.Id)) is not null, Limit, () => inference.Service.Transcript);

        using var json = await PostAsync(JsonRequest(1, Flat(Ship)));
        using var binary = await PostAsync(
            """{"id":"42","inputs":[{"name":"images","shape":[1,32,32,3],"datatype":"UINT8","parameters":{"binary_data_size":3072}}],"parameters":{"binary_data_output":true}}""", Ship);

        var answer = JsonDocument.Parse(await json.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("resnet20-cifar10-int8", answer.GetProperty("model_name").GetString());
        Assert.Equal(overKafka!.ModelVersion, answer.GetProperty("model_version").GetString());
        Assert.False(answer.TryGetProperty("id", out _));
        var output = Assert.Single(answer.GetProperty("outputs").EnumerateArray());
        Assert.Equal(("probabilities", "FP32", "[1,10]"),
            (output.GetProperty("name").GetString(), output.GetProperty("datatype").GetString(), output.GetProperty("shape").GetRawText()));
        Assert.Equal(overKafka.Probabilities.ToArray(), output.GetProperty("data").EnumerateArray().Select(number => number.GetSingle()));

        Assert.Equal("application/octet-stream", binary.Content.Headers.ContentType?.MediaType);
        var (text, floats) = await SplitAsync(binary);
        Assert.Equal($$$"""
            {"model_name":"resnet20-cifar10-int8","model_version":"{{{overKafka.ModelVersion}}}","id":"42","outputs":[{"name":"probabilities","datatype":"FP32","shape":[1,10],"parameters":{"binary_data_size":40}}]}
            """, text);
        Assert.Equal(overKafka.Probabilities.ToArray(), floats);
    }

    [Fact]
    public async Task The_largest_batch_gets_a_row_for_each_image_in_order()
    {
        var pictures = Enumerable.Range(0, MaxImages).Select(i => InferenceFixture.Picture(i).Data.ToArray()).ToArray();

        using var together = await PostAsync(BinaryRequest(MaxImages, wantsBinary: true), [.. pictures.SelectMany(picture => picture)]);
        var (_, rows) = await SplitAsync(together);

        Assert.Equal(MaxImages * 10, rows.Length);
        foreach (var i in new[] { 0, 7, 8, MaxImages - 1 })
        {
            using var alone = await PostAsync(BinaryRequest(1, wantsBinary: true), pictures[i]);
            var (_, row) = await SplitAsync(alone);
            Assert.All(row.Zip(rows.Skip(i * 10)), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        }
    }

    [Theory]
    [InlineData("""{"inputs":[{"data":DATA,"datatype":"UINT8","shape":[1,32,32,3],"name":"images"}]}""", false)]
    [InlineData("""{"inputs":[{"data":NESTED,"datatype":"UINT8","shape":[1,32,32,3],"name":"images"}],"outputs":[]}""", false)]
    [InlineData("""{"id":null,"outputs":null,"inputs":[{"name":"images","shape":[1,32,32,3],"datatype":"UINT8","data":DATA,"parameters":null}]}""",
        false)]
    [InlineData("""{"parameters":{"priority":7},"inputs":[{"name":"images","shape":[1,32,32,3],"datatype":"UINT8","data":DATA}],"outputs":[{"name":"probabilities"}],"x":[{}]}""", false)]
    [InlineData("""{"inputs":[{"name":"images","shape":[1,32,32,3],"datatype":"UINT8","data":DATA}],"outputs":[{"name":"probabilities","parameters":{"binary_data":true}}]}""", true)]
    [InlineData("""
        {"inputs":[{"name":"images","shape":[1,32,32,3],"datatype":"UINT8","data":DATA}],"outputs":[{"name":"probabilities","parameters":{"binary_data":false}}],
        "parameters":{"binary_data_output":true}}
        """, false)]
    public async Task A_request_may_be_written_in_many_ways(string json, bool isBinary)
    {
        using var answer = await PostAsync(
            json.Replace("DATA", Flat(Ship), StringComparison.Ordinal).Replace("NESTED", Nested(Ship), StringComparison.Ordinal));

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Equal(isBinary, answer.Headers.Contains(JsonLength));
        var probabilities = isBinary
            ? (await SplitAsync(answer)).Floats
            : JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("outputs")[0].GetProperty("data").EnumerateArray()
                .Select(number => number.GetSingle());
        Assert.Equal("ship", Labels.All[probabilities.Index().MaxBy(pair => pair.Item).Index]);
    }

    [Theory]
    [InlineData("""[]""", "The request must be an object, and is []")]
    [InlineData("""{"inputs":[""", "The request must be a JSON object")]
    [InlineData("""{"inputs":[]}""", "inputs is missing: images, UINT8, [N, 32, 32, 3] with N from 1 to 128")]
    [InlineData("""{"id":7,"inputs":[]}""", "id must be a string, and is 7")]
    [InlineData("""{"inputs":[{"name":"pixels","shape":[1,32,32,3],"datatype":"UINT8","data":[1]}]}""", "name must be images, and is \"pixels\"")]
    [InlineData("""{"inputs":[{"name":"images","shape":[1,32,32,3],"datatype":"FP32","data":[1]}]}""",
        "datatype of images must be UINT8, and is \"FP32\"")]
    [InlineData("""{"inputs":[{"name":"images","shape":[1,3,32,32],"datatype":"UINT8","data":[1]}]}""",
        "shape of images must be [N, 32, 32, 3] with N from 1 to 128, and is [1,3,32,32]")]
    [InlineData("""{"inputs":[{"name":"images","shape":[129,32,32,3],"datatype":"UINT8","data":[1]}]}""",
        "with N from 1 to 128, and is [129,32,32,3]")]
    [InlineData("""{"inputs":[{"name":"images","shape":[0,32,32,3],"datatype":"UINT8","data":[]}]}""", "with N from 1 to 128, and is [0,32,32,3]")]
    [InlineData("""{"inputs":[{"name":"images","shape":[4294967297,32,32,3],"datatype":"UINT8","data":[1]}]}""", "and is [4294967297,32,32,3]")]
    [InlineData("""{"inputs":[{"name":"images","shape":[1,32,32,3,1],"datatype":"UINT8","data":[1]}]}""", "and is [1,32,32,3,1]")]
    [InlineData("""{"inputs":[{"name":"images","shape":"all","datatype":"UINT8","data":[1]}]}""", "and is \"all\"")]
    [InlineData("""{"inputs":[{"name":"images","shape":[1,32,32,3],"datatype":"UINT8","data":[1,2,3]}]}""", "must have 3072 numbers, and has 3")]
    [InlineData("""{"inputs":[{"name":"images","shape":[1,32,32,3],"datatype":"UINT8","data":[1,256]}]}""",
        "whole numbers from 0 to 255, and number 2 is another")]
    [InlineData("""{"inputs":[{"name":"images","shape":[1,32,32,3],"datatype":"UINT8"}]}""",
        "images needs either data or the parameter binary_data_size")]
    [InlineData("""{"inputs":[{"name":"images","datatype":"UINT8","data":[1]}]}""", "An input needs name, datatype and shape")]
    [InlineData("""{"inputs":[{"name":"images","shape":[1,32,32,3],"datatype":"UINT8","data":[1]},{}]}""", "The model has one input, images")]
    [InlineData("""{"inputs":[{"name":"images","shape":[1,32,32,3],"datatype":"UINT8","data":[1]}],"outputs":[{"name":"logits"}]}""",
        "name must be probabilities, and is \"logits\"")]
    [InlineData("""{"outputs":[{"name":"probabilities","parameters":{"classification":3}}]}""", "classification is not done here")]
    [InlineData("""{"parameters":{"binary_data_output":1}}""", "binary_data_output must be true or false, and is 1")]
    [InlineData("""{"inputs":[{"name":"images","shape":[1,32,32,3],"datatype":"UINT8","parameters":{"binary_data_size":3072}}]}""",
        "binary_data_size says 3072, and 0 bytes follow the JSON")]
    public async Task What_is_wrong_with_a_request_is_named_with_what_is_needed(string json, string error)
    {
        using var answer = await PostAsync(json);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(error, await ErrorAsync(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3072", 3071, null, "binary_data_size says 3072, and 3071 bytes follow the JSON")]
    [InlineData("3072", 3073, null, "and 3073 bytes follow")]
    [InlineData("3071", 3071, null, "1 images are 3072 bytes; binary_data_size says 3071")]
    [InlineData("-1", 3072, null, "binary_data_size says -1")]
    [InlineData("1e30", 3072, null, "binary_data_size says -1")]
    [InlineData("3072", 3072, "0", "must be the length of the JSON, 1 to ")]
    [InlineData("3072", 3072, "1000000", "and is '1000000'")]
    [InlineData("3072", 3072, "x", "and is 'x'")]
    [InlineData("3072", 3072, "10", "must be a JSON object")]
    [InlineData("3072", 3072, "", "must be a JSON object")]
    public async Task Sizes_of_binary_data_must_agree(string declared, int sent, string? jsonLength, string error)
    {
        var json = BinaryRequest(1, wantsBinary: false).Replace("3072", declared, StringComparison.Ordinal);

        using var answer = await PostAsync(json, new byte[sent], jsonLength);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(error, await ErrorAsync(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2/models/yolo")]
    [InlineData("/v2/models/yolo/ready")]
    [InlineData("/v2/models/resnet20-cifar10-int8/versions/1")]
    [InlineData("/v2/models/resnet20-cifar10-int8/versions/1/ready")]
    public async Task Another_model_or_version_is_not_found(string path)
    {
        using var answer = await inference.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("this server has 'resnet20-cifar10-int8'", await ErrorAsync(answer), StringComparison.Ordinal);

        using var asked = await inference.Http.PostAsync(path.Replace("/ready", "", StringComparison.Ordinal) + "/infer", new StringContent("{}"));
        Assert.Equal(HttpStatusCode.NotFound, asked.StatusCode);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused_and_the_next_is_answered()
    {
        using var answer = await inference.PostTooMuchAsync($"{Model}/infer", "application/json");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains($"{InferenceFixture.MaxBodyBytes} bytes", await ErrorAsync(answer), StringComparison.Ordinal);
        using var next = await PostAsync(JsonRequest(1, Flat(Ship)));
        Assert.True(next.IsSuccessStatusCode);
    }

    [Fact]
    public async Task More_requests_than_may_wait_are_told_to_come_again_and_images_of_Kafka_go_on()
    {
        await using var service = await ServiceProcess.StartAsync(
            "Pipeline.Inference", ("ConnectionStrings__kafka", inference.Kafka.Address), ("Http__Runners", "1"), ("Http__MaxWaiting", "1"));
        var image = CapturedImage.Of(Guid.CreateVersion7().ToString(), "camera-1", "ship", DateTimeOffset.UtcNow, InferenceFixture.Picture(1));
        var request = BinaryRequest(MaxImages, wantsBinary: true);

        var flood = Enumerable.Range(0, 16).Select(_ => PostAsync(request, new byte[MaxImages * ImageBytes], http: service.Http)).ToArray();
        await inference.Kafka.SendAsync(Topics.ImageData, image.Write(), MessageEncoding.Protobuf);
        var answers = await Task.WhenAll(flood);

        Assert.All(answers, answer => Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        var refused = answers.First(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        Assert.Contains("try again", await ErrorAsync(refused), StringComparison.Ordinal);
        await Polling.UntilAsync(async () => await ResultOfAsync(image.Id) is not null, Limit, () => service.Transcript);
    }

    [Fact]
    public async Task OpenAPI_describes_every_way_in()
    {
        var paths = (await inference.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");

        Assert.Equal(
            ["/", "/infer", "/v2", "/v2/health/live", "/v2/health/ready", "/v2/models/{name}", "/v2/models/{name}/infer", "/v2/models/{name}/ready",
                "/v2/models/{name}/versions/{version}", "/v2/models/{name}/versions/{version}/infer", "/v2/models/{name}/versions/{version}/ready",
                "/v2/repository/index", "/v2/repository/models/{name}/load"],
            paths.EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));
        var infer = paths.GetProperty("/v2/models/{name}/infer").GetProperty("post");
        Assert.Equal(["200", "400", "404", "413", "503"], infer.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order());
        Assert.True(infer.GetProperty("requestBody").GetProperty("content").TryGetProperty("application/json", out _));
        Assert.Equal("name", infer.GetProperty("parameters")[0].GetProperty("name").GetString());
    }

    private async Task<HttpResponseMessage> PostAsync(string json, byte[]? binary = null, string? jsonLength = null, HttpClient? http = null)
    {
        var text = Encoding.UTF8.GetBytes(json);
        using var content = new ByteArrayContent([.. text, .. binary ?? []]);
        content.Headers.ContentType = new MediaTypeHeaderValue(binary is null ? "application/json" : "application/octet-stream");
        if (binary is not null)
        {
            content.Headers.Add(JsonLength, jsonLength ?? $"{text.Length}");
        }
        return await (http ?? inference.Http).PostAsync($"{Model}/infer", content);
    }

    private async Task<InferenceResult?> ResultOfAsync(string imageId)
    {
        var record = (await TopicReader.ReadAllAsync(inference.Kafka.Address, Topics.InferenceResults))
            .FirstOrDefault(record => Encoding.UTF8.GetString(record.Message.Key) == imageId);
        return record is not null && InferenceResult.Parse(record.Message.Value, MessageEncoding.Protobuf, default).IsRead(out var result, out _)
            ? result
            : null;
    }

    private static async Task<string> ErrorAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        return Assert.Single((await answer.Content.ReadFromJsonAsync<Dictionary<string, string>>())!, pair => pair.Key == "error").Value;
    }

    private static async Task<(string Json, float[] Floats)> SplitAsync(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        var length = int.Parse(answer.Headers.GetValues(JsonLength).Single(), System.Globalization.CultureInfo.InvariantCulture);
        return (
            Encoding.UTF8.GetString(body, 0, length), [.. body[length..].Chunk(4).Select(bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes))]);
    }

    private static string JsonRequest(int images, string data) =>
        $$"""{"inputs":[{"name":"images","shape":[{{images}},32,32,3],"datatype":"UINT8","data":{{data}}}]}""";

    private static string BinaryRequest(int images, bool wantsBinary) => $$$"""
        {"inputs":[{"name":"images","shape":[{{{images}}},32,32,3],"datatype":"UINT8","parameters":{"binary_data_size":{{{images * ImageBytes}}}}}],
        "parameters":{"binary_data_output":{{{(wantsBinary ? "true" : "false")}}}}}
        """;

    private static string Flat(byte[] pixels) => $"[{string.Join(',', pixels)}]";

    private static string Nested(byte[] pixels) => JsonSerializer.Serialize(
        new[] { pixels.Chunk(32 * 3).Select(row => row.Chunk(3).Select(pixel => pixel.Select(value => (int)value))) });
}
