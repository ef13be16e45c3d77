using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Embedded.Tests.Support;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.Producer;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.Support;
using SkiaSharp;

namespace Pipeline.Tests.Inference;

/// <summary>The service as its users run it, against a broker in a process of its own.</summary>
[Trait("Speed", "slow")]
public sealed class InferenceServiceTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly Lazy<Cifar10> Pictures = new(() => Cifar10.Load(Cifar10Folders.Sample));

    [Fact]
    public async Task An_image_in_either_encoding_becomes_a_result()
    {
        await using var service = await StartAsync();
        var (protobuf, json) = (AnImage(1, "camera-7"), AnImage(2, "old-camera"));

        await kafka.SendAsync(Topics.ImageData, protobuf.Write(), MessageEncoding.Protobuf);
        await kafka.SendAsync(Topics.ImageData, json.AsPng().WriteJson());

        var results = await ResultsAsync(service, protobuf.Id, json.Id);
        foreach (var (image, record) in new[] { (protobuf, results[protobuf.Id]), (json, results[json.Id]) })
        {
            Assert.True(
                InferenceResult.Parse(record.Message.Value, record.ContentType(), default).IsRead(out var result, out var problem), problem?.Text);
            Assert.Equal((image.Id, image.ProducerId, image.GroundTruth, "ship"),
                (result.ImageId, result.ProducerId, result.GroundTruth, result.InferredValue));
            Assert.Equal(1, result.Probabilities.ToArray().Sum(), 1e-4);
            Assert.Equal(result.Probabilities.ToArray().Max(), result.Confidence);
            Assert.Equal("resnet20-cifar10-int8", result.ModelName);
            Assert.True(result.InferenceTime > TimeSpan.Zero);
            Assert.Equal(image.Id, Encoding.UTF8.GetString(record.Message.Key));
        }
    }

    [Fact]
    public async Task A_record_that_is_too_large_for_a_dead_letter_or_a_result_stops_nothing()
    {
        await using var service = await StartAsync();
        var (odd, good) = (AnImage(1, "camera-1"), AnImage(2, "camera-1"));
        var endless = Encoding.UTF8.GetBytes("{\"ID\":\"x\",\"Data\":\"" + new string('A', 3_000_000));

        var large = await kafka.SendAsync(Topics.ImageData, endless);
        await kafka.SendAsync(
            Topics.ImageData, odd.Write(), MessageEncoding.Protobuf, timestamp: 1_800_000_000_000_000,
            others: [new Header("tracestate", new byte[1_000_000]), new Header(ImageHeaders.ImageId, new byte[1_000_000])]);
        await kafka.SendAsync(Topics.ImageData, good.Write(), MessageEncoding.Protobuf);

        await ResultsAsync(service, odd.Id, good.Id);
        var letter = await kafka.DeadLetterOfAsync(large);
        Assert.Equal($"{endless.Length}", letter.Message.Headers.Text(DeadLetterMessage.CutHeader));
        Assert.True(endless.AsSpan().StartsWith(letter.Message.Value));
    }

    [Theory]
    [InlineData("""{"Image":"BASE64"}""")]
    [InlineData("\uFEFF {\"image\":\"data:image/png;base64,BASE64\",\"score\":NaN}")]
    [InlineData("""{"Data":"BASE64"}""")]
    public async Task Infer_is_as_lenient_as_the_topic(string body)
    {
        await using var service = await StartAsync();
        body = body.Replace("BASE64", Convert.ToBase64String(APicture.Png(AnImage(1, "camera-1").Picture)), StringComparison.Ordinal);

        using var answer = await service.Http.PostAsync("/infer", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_read_goes_to_the_dead_letters_with_its_reason_and_holds_up_nothing()
    {
        await using var service = await StartAsync();
        var good = AnImage(1, "camera-1");
        var (bomb, cut) = (
            Convert.ToBase64String(PictureFile.Bomb()), Convert.ToBase64String(APicture.Encode(good.Picture, SKEncodedImageFormat.Jpeg)[..^100]));
        (byte[]? Value, string? ContentType, ProblemKind Reason)[] bad =
        [
            (good.Write(), "text/plain", ProblemKind.UnknownEncoding),
            (good.Write()[..1000], MessageEncoding.Protobuf, ProblemKind.BrokenProtobuf),
            (Encoding.UTF8.GetBytes("""{"ID":"x","GroundTruth":"ship","Data":"***"}"""), MessageEncoding.Json, ProblemKind.BadBase64),
            (Encoding.UTF8.GetBytes("""{"ID":"x","GroundTruth":"ship","Data":"aGVsbG8="}"""), null, ProblemKind.BrokenPng),
            (Encoding.UTF8.GetBytes($$"""{"ID":"x","GroundTruth":"ship","Data":"{{bomb}}"}"""), null, ProblemKind.WrongSize),
            (Encoding.UTF8.GetBytes($$"""{"ID":"x","GroundTruth":"ship","Data":"{{cut}}"}"""), null, ProblemKind.BrokenPicture),
            ((good with { Picture = new Rgb24(32, 32, new byte[100]) }).Write(), MessageEncoding.Protobuf, ProblemKind.WrongPixelCount),
            ((good with { GroundTruth = "ze\nbra" }).Write(), MessageEncoding.Protobuf, ProblemKind.UnknownLabel),
            (null, MessageEncoding.Protobuf, ProblemKind.MissingField),
        ];

        var sent = new List<(Confluent.Kafka.TopicPartitionOffset At, ProblemKind Reason, string? ContentType)>();
        foreach (var (value, contentType, reason) in bad)
        {
            sent.Add((await kafka.SendAsync(Topics.ImageData, value, contentType), reason, contentType));
        }

        await kafka.SendAsync(Topics.ImageData, good.Write(), MessageEncoding.Protobuf);

        await ResultsAsync(service, good.Id);
        foreach (var (at, reason, contentType) in sent)
        {
            var letter = await kafka.DeadLetterOfAsync(at);
            Assert.Equal(reason.ToString(), letter.Message.Headers.Text(DeadLetterMessage.ReasonHeader));
            Assert.NotEmpty(letter.Message.Headers.Text(DeadLetterMessage.ProblemHeader)!);
            Assert.Equal(contentType, letter.ContentType());
        }
    }

    [Fact]
    public async Task An_image_without_a_truth_is_inferred_and_a_truth_without_a_picture_is_passed_over()
    {
        await using var service = await StartAsync();
        var image = AnImage(1, "camera-1") with { GroundTruth = null };

        var truth = await kafka.SendAsync(Topics.ImageData, Encoding.UTF8.GetBytes($$"""{"ID":"{{image.Id}}","GroundTruth":"cat"}"""));
        await kafka.SendAsync(Topics.ImageData, image.Write(), MessageEncoding.Protobuf);

        var record = (await ResultsAsync(service, image.Id))[image.Id];
        Assert.True(
            InferenceResult.Parse(record.Message.Value, record.ContentType(), default).IsRead(out var result, out var problem), problem?.Text);
        Assert.Equal((null, ImageDigest.Of(image)), (result.GroundTruth, result.ImageDigest));
        Assert.DoesNotContain(await kafka.DeadLettersAsync(Topics.ImageData),
            letter => letter.Message.Headers.Text(DeadLetterOrigin.OffsetHeader) == $"{truth.Offset.Value}"
            && letter.Message.Headers.Text(DeadLetterOrigin.PartitionHeader) == $"{truth.Partition.Value}");
    }

    [Fact]
    public async Task A_kill_in_the_middle_of_a_run_loses_no_image()
    {
        var images = Enumerable.Range(0, 1500).Select(i => AnImage(i, "camera-1")).ToArray();
        await Task.WhenAll(
            images.Select((image, i) => kafka.SendAsync(Topics.ImageData, image.Write(), MessageEncoding.Protobuf, key: $"camera-{i % 8}")));
        var ids = images.Select(image => image.Id).ToHashSet();

        await using (var first = await StartAsync())
        {
            await Polling.UntilAsync(async () => (await ResultIdsAsync()).Any(ids.Contains), Limit, () => first.Transcript);
            await first.KillAsync();
        }
        var beforeRestart = (await ResultIdsAsync()).Count(ids.Contains);
        Assert.InRange(beforeRestart, 1, images.Length - 1);                 // else the kill proved nothing
        await using var second = await StartAsync();

        await Polling.UntilAsync(async () => ids.IsSubsetOf(await ResultIdsAsync()), Limit, () => second.Transcript);
    }

    [Fact]
    public async Task Told_to_stop_it_finishes_commits_and_does_not_repeat_itself()
    {
        var image = AnImage(5, "camera-1");
        await using (var first = await StartAsync())
        {
            await kafka.SendAsync(Topics.ImageData, image.Write(), MessageEncoding.Protobuf);
            await ResultsAsync(first, image.Id);
            Assert.Equal(0, await first.StopAsync());
        }
        var next = AnImage(6, "camera-1");
        await using var second = await StartAsync();
        await kafka.SendAsync(Topics.ImageData, next.Write(), MessageEncoding.Protobuf);
        await ResultsAsync(second, next.Id);

        var all = await TopicReader.ReadAllAsync(kafka.Address, Topics.InferenceResults);
        Assert.Single(all, record => Encoding.UTF8.GetString(record.Message.Key) == image.Id);
    }

    [Fact]
    public async Task Records_that_the_client_cannot_decompress_are_dead_letters_and_hold_nobody_up()
    {
        await using var service = await StartAsync();
        var (before, after) = (AnImage(1, "camera-1"), AnImage(2, "camera-1"));
        var place = await kafka.SendAsync(Topics.ImageData, before.Write(), MessageEncoding.Protobuf);
        await DamagedRecords.SendAsync(kafka.Address, place.TopicPartition, recordCount: 3);
        await kafka.SendAsync(Topics.ImageData, after.Write(), MessageEncoding.Protobuf);

        await ResultsAsync(service, before.Id, after.Id);
        for (var offset = place.Offset.Value + 1; offset <= place.Offset.Value + 3; offset++)
        {
            var letter = await kafka.DeadLetterOfAsync(new TopicPartitionOffset(place.TopicPartition, offset));
            Assert.Equal(nameof(ProblemKind.UnreadableRecord), letter.Message.Headers.Text(DeadLetterMessage.ReasonHeader));
        }
        Assert.Equal(3, (await kafka.DeadLettersAsync(Topics.ImageData))
            .Count(letter => letter.Message.Headers.Text(DeadLetterMessage.ReasonHeader) == nameof(ProblemKind.UnreadableRecord)));
    }

    [Fact]
    public async Task Infer_answers_an_image_and_explains_what_it_cannot_use()
    {
        await using var service = await StartAsync();
        var ship = Convert.ToBase64String(APicture.Png(AnImage(1, "camera-1").Picture));
        var (bomb, jpeg) = (Convert.ToBase64String(PictureFile.Bomb()), APicture.Encode(AnImage(1, "camera-1").Picture, SKEncodedImageFormat.Jpeg));

        var answer = await service.Http.PostAsJsonAsync("/infer", new { image = ship });

        Assert.StartsWith("""{"InferredValue":"ship",""", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var ofJpeg = await service.Http.PostAsJsonAsync("/infer", new { image = Convert.ToBase64String(jpeg) });
        Assert.StartsWith("""{"InferredValue":"ship",""", await ofJpeg.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (var (body, reason) in new[]
        {
            ("{", "JSON"), ("{}", "image is missing"), ("""{"image": 7}""", "base64"), ("""{"image": "***"}""", "base64"),
            ("""{"image": "aGVsbG8="}""", "PNG"), ($$"""{"image": "{{bomb}}"}""", "60000x60000"),
            ($$"""{"image": "{{Convert.ToBase64String(jpeg[..^100])}}"}""", "JPEG is broken"),
        })
        {
            var refused = await service.Http.PostAsync("/infer", new StringContent(body, Encoding.UTF8, "application/json"));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
            Assert.Contains(
                reason, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/health")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/alive")).StatusCode);
    }

    [Theory]
    [InlineData("ConnectionStrings__kafka", "", "ConnectionStrings__kafka")]
    [InlineData("Model__MaxBatch", "0", "MaxBatch")]
    [InlineData("Model__Name", "models/nowhere.onnx",
        "There is no model 'models/nowhere.onnx'. Model__Name is one of fp32, int8, or the path of an ONNX file")]
    [InlineData("Model__Name", "int4", "Model__Name is one of fp32, int8, or")]
    [InlineData("ASPNETCORE_URLS", "http://127.0.0.1:KAFKA", "ASPNETCORE_URLS")]
    public async Task What_keeps_it_from_starting_is_one_line_and_exit_code_1(string name, string value, string named)
    {
        var settings = new Dictionary<string, string> { ["ConnectionStrings__kafka"] = kafka.Address };
        settings[name] = value.Replace("KAFKA", kafka.Address.Split(':')[1], StringComparison.Ordinal);

        var ended = await ServiceProcess.RunAsync("Pipeline.Inference", [], [.. settings.Select(setting => (setting.Key, setting.Value))]);

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(named, Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("onnxruntime.", "ONNX Runtime")]             // the native library only: the assembly is written with capitals
    [InlineData("libSkiaSharp.", "Skia")]
    public async Task A_missing_native_library_is_one_line_and_exit_code_1(string library, string name)
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            var copy = folder.File(Path.GetRelativePath(AppContext.BaseDirectory, file));
            if (Path.GetFileName(file).Contains(library, StringComparison.Ordinal))
            {
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);                           // a link would lead the loader back to where the library is
        }

        var ended = await ClientProgram.RunAsync(folder.File("Pipeline.Inference"), [],
            environment: new Dictionary<string, string> { ["ConnectionStrings__kafka"] = kafka.Address });

        Assert.Equal(1, ended.ExitCode);
        Assert.Contains($"native library of {name} is missing", Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            StringComparison.Ordinal);
    }

    private Task<ServiceProcess> StartAsync() => ServiceProcess.StartAsync("Pipeline.Inference", ("ConnectionStrings__kafka", kafka.Address));

    /// <summary>Test picture number 1 is a ship that the model knows; others are whatever they are.</summary>
    private static CapturedImage AnImage(int picture, string producerId)
    {
        var index = picture % Pictures.Value.Count;
        return CapturedImage.Of(Guid.CreateVersion7().ToString(), producerId, Pictures.Value.Label(index), DateTimeOffset.UtcNow,
            new Rgb24(32, 32, Pictures.Value.Pixels(index).ToArray()));
    }

    private async Task<HashSet<string>> ResultIdsAsync() =>
        [.. (await TopicReader.ReadAllAsync(kafka.Address, Topics.InferenceResults)).Select(record => Encoding.UTF8.GetString(record.Message.Key))];

    /// <summary>Waits for the results of these images.</summary>
    private async Task<Dictionary<string, Confluent.Kafka.ConsumeResult<byte[], byte[]>>> ResultsAsync(ServiceProcess service, params string[] ids)
    {
        var found = new Dictionary<string, Confluent.Kafka.ConsumeResult<byte[], byte[]>>();
        await Polling.UntilAsync(async () =>
        {
            foreach (var record in await TopicReader.ReadAllAsync(kafka.Address, Topics.InferenceResults))
            {
                found[Encoding.UTF8.GetString(record.Message.Key)] = record;
            }

            return ids.All(found.ContainsKey);
        }, Limit, () => service.Transcript);
        return found;
    }
}
