using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Embedded.Tests.Support;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.Producer.Devices;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.Support;
using SkiaSharp;

namespace Pipeline.Tests.Producer;

/// <summary>Pictures that devices post, as curl and small cameras do, to a producer without cameras of its own.</summary>
[Trait("Speed", "slow")]
public sealed class ImagesEndpointTests(KafkaFixture kafka) : IClassFixture<KafkaFixture>, IAsyncLifetime
{
    private static readonly byte[] Jpeg = APicture.Encode(APicture.Quarters(64, 48), SKEncodedImageFormat.Jpeg, quality: 90);

    private ServiceProcess _producer = null!;

    public async ValueTask InitializeAsync() => _producer = await StartAsync(kafka.Address);

    public ValueTask DisposeAsync() => _producer.DisposeAsync();

    [Theory]
    [InlineData("image/jpeg")]
    [InlineData("application/x-www-form-urlencoded")]                      // curl --data-binary @FILE
    [InlineData("multipart/form-data-of-mine")]
    [InlineData(null)]
    public async Task A_file_that_is_the_body_is_in_Kafka_as_it_came_when_it_is_answered(string? contentType)
    {
        var before = DateTimeOffset.UtcNow;

        var id = await TakenAsync(_producer, "/images/front%20door", Bytes(Jpeg, contentType));

        var image = await ImageAsync(kafka.Address, id);
        Assert.Equal(("front door", null, PictureFormat.Jpeg, 64, 48),
            (image.ProducerId, image.GroundTruth, image.Picture.Format, image.Picture.Width, image.Picture.Height));
        Assert.Equal(Jpeg, image.Picture.Data.ToArray());
        Assert.InRange(image.CapturedAt, before.AddMilliseconds(-1), DateTimeOffset.UtcNow.AddMilliseconds(1));
    }

    [Fact]
    public async Task A_file_may_be_the_one_of_a_form()
    {
        var form = new MultipartFormDataContent { { new StringContent("anything"), "field" }, { Bytes(Jpeg, "image/jpeg"), "image", "a.jpg" } };

        var id = await TakenAsync(_producer, "/images/yard", form);

        Assert.Equal(Jpeg, (await ImageAsync(kafka.Address, id)).Picture.Data.ToArray());
    }

    [Fact]
    public async Task What_a_picture_shows_may_stand_in_the_query_or_in_a_header()
    {
        var asked = await TakenAsync(_producer, "/images/yard?truth=Automobile", Bytes(Jpeg, "image/jpeg"));
        var content = Bytes(Jpeg, "image/jpeg");
        content.Headers.Add(ImagesEndpoint.TruthHeader, "ship");
        var told = await TakenAsync(_producer, "/images/yard", content);

        Assert.Equal(("car", "ship"), ((await ImageAsync(kafka.Address, asked)).GroundTruth, (await ImageAsync(kafka.Address, told)).GroundTruth));
    }

    [Fact]
    public async Task A_device_keeps_its_partition_and_its_name_is_the_key()
    {
        var ids = new HashSet<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await TakenAsync(_producer, "/images/gate", Bytes(Jpeg, "image/jpeg")));
        }

        var records = (await TopicReader.ReadAllAsync(kafka.Address, Topics.ImageData))
            .Where(record => ids.Contains(record.Message.Headers.Text(ImageHeaders.ImageId)!)).ToList();

        Assert.Equal(5, records.Count);
        Assert.Single(records.Select(record => record.Partition).Distinct());
        Assert.Equal("gate", Assert.Single(records.Select(record => Encoding.UTF8.GetString(record.Message.Key)).Distinct()));
    }

    [Fact]
    public async Task What_cannot_be_used_is_refused_in_one_line()
    {
        var twoFiles = new MultipartFormDataContent { { Bytes(Jpeg, "image/jpeg"), "a", "a.jpg" }, { Bytes(Jpeg, "image/jpeg"), "b", "b.jpg" } };
        var cut = Bytes("--x\r\nContent-Disposition: form-data; name=a; filename=a\r\n\r\nabc"u8.ToArray(), "multipart/form-data; boundary=x");
        var many = "/images/" + new string('c', Limits.MaxIdLength + 1);

        foreach (var (path, content, status, reason) in new (string, HttpContent, HttpStatusCode, string)[]
        {
            ("/images/a", Bytes([], "image/jpeg"), HttpStatusCode.BadRequest, "no body"),
            ("/images/a", twoFiles, HttpStatusCode.BadRequest, "2 files"),
            ("/images/a", cut, HttpStatusCode.BadRequest, "form"),
            ("/images/a", Bytes([0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg"), HttpStatusCode.BadRequest, "JPEG is broken"),
            ($"/images/a?truth={new string('x', 129)}", Bytes(Jpeg, "image/jpeg"), HttpStatusCode.BadRequest, "GroundTruth must be a label"),
            (many, Bytes(Jpeg, "image/jpeg"), HttpStatusCode.BadRequest, "producer id"),
            ("/images/a", Bytes("hello"u8.ToArray(), "image/jpeg"), HttpStatusCode.UnsupportedMediaType, "no picture"),
            ("/images/a", Bytes([.. "II*\0"u8, 0, 0, 0, 0], "image/tiff"), HttpStatusCode.UnsupportedMediaType, "TIFF"),
            ("/images/a", Bytes(PictureFile.Bomb(), "image/png"), HttpStatusCode.RequestEntityTooLarge, "60000x60000"),
            ("/images/a", Bytes([.. Jpeg, .. new byte[Limits.MaxPictureBytes]], "image/jpeg"), HttpStatusCode.RequestEntityTooLarge,
                $"at most {Limits.MaxPictureBytes} bytes"),
            ("/images/a", Bytes(new byte[2 * Limits.MaxPictureBytes], "image/jpeg"), HttpStatusCode.RequestEntityTooLarge,
                $"at most {Limits.MaxPictureBytes} bytes"),
        })
        {
            using var refused = await _producer.Http.PostAsync(path, content);
            var detail = (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!;
            Assert.Equal((status, true), (refused.StatusCode, detail.Contains(reason, StringComparison.Ordinal)));
            Assert.DoesNotContain('\n', detail);
        }
    }

    [Fact]
    public async Task What_is_taken_and_answered_is_described_for_programs()
    {
        var post = (await _producer.Http.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths").GetProperty("/images/{camera}")
            .GetProperty("post");

        Assert.Equal(["camera", "truth", "Ground-Truth"],
            post.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.Equal(["image/*", "multipart/form-data"], NamesIn(post.GetProperty("requestBody").GetProperty("content")));
        Assert.Equal(["202", "400", "413", "415", "429", "503"], NamesIn(post.GetProperty("responses")).Order());

        static IEnumerable<string> NamesIn(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
    }

    [Fact]
    public async Task The_largest_file_that_is_taken_reaches_Kafka()
    {
        byte[] file = [.. Jpeg, .. new byte[Limits.MaxPictureBytes - Jpeg.Length]];
        var camera = new string('é', Limits.MaxIdLength);

        var id = await TakenAsync(_producer, $"/images/{camera}?truth=ship", Bytes(file, "image/jpeg"));

        Assert.Equal(file, (await ImageAsync(kafka.Address, id)).Picture.Data.ToArray());
    }

    [Fact]
    public async Task A_broker_that_is_away_is_429_and_what_was_not_taken_does_not_come_later()
    {
        using var data = new TemporaryFolder();
        await using var broker = await ServerProcess.StartKafkaAsync(data.Path);
        await using var producer = await StartAsync(broker.Address);
        var first = await TakenAsync(producer, "/images/yard", Bytes(Jpeg, "image/jpeg"));

        await broker.StopAsync();
        using (var refused = await producer.Http.PostAsync("/images/yard", Bytes(Jpeg, "image/jpeg")))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter?.Delta);
            Assert.Contains("send it again", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await broker.RestartAsync();
        string? second = null;
        await Polling.UntilAsync(
            async () => (second = await TryTakeAsync(producer, "/images/yard", Bytes(Jpeg, "image/jpeg"))) is not null,
            TimeSpan.FromSeconds(30), () => producer.Transcript);
        var records = await TopicReader.ReadAllAsync(broker.Address, Topics.ImageData);
        Assert.Equal([first, second], records.Select(record => record.Message.Headers.Text(ImageHeaders.ImageId)));
        Assert.Equal(0, await producer.StopAsync());
    }

    private static Task<ServiceProcess> StartAsync(string broker) =>
        ServiceProcess.StartAsync("Pipeline.Producer", ("ConnectionStrings__kafka", broker), ("Cameras__Producers", "0"));

    private static async Task<string> TakenAsync(ServiceProcess producer, string path, HttpContent content)
    {
        using var answer = await producer.Http.PostAsync(path, content);
        Assert.True(
            answer.StatusCode == HttpStatusCode.Accepted, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}\n{producer.Transcript}");
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private static async Task<string?> TryTakeAsync(ServiceProcess producer, string path, HttpContent content)
    {
        using var answer = await producer.Http.PostAsync(path, content);
        return answer.StatusCode == HttpStatusCode.Accepted
            ? (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()
            : null;
    }

    private static async Task<CapturedImage> ImageAsync(string broker, string id)
    {
        var record = Assert.Single(
            await TopicReader.ReadAllAsync(broker, Topics.ImageData), record => record.Message.Headers.Text(ImageHeaders.ImageId) == id);
        Assert.True(CapturedImage.Parse(record.Message.Value, record.ContentType(), default).IsRead(out var image, out var problem), problem?.Text);
        return image;
    }

    private static ByteArrayContent Bytes(byte[] bytes, string? contentType)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return content;
    }
}
