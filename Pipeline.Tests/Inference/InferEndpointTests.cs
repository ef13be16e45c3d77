using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Pipeline.Contracts;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Inference;

/// <summary>Pictures asked about over HTTP, in the forms of the older servers and as files.</summary>
[Trait("Speed", "slow")]
public sealed class InferEndpointTests(InferenceFixture inference) : IClassFixture<InferenceFixture>
{
    private static readonly byte[] Ship = APicture.Png(InferenceFixture.Picture(1));

    [Fact]
    public async Task Both_older_contracts_are_answered_with_confidence_and_probabilities()
    {
        var infer = await AnswerAsync("/infer", JsonContent.Create(new { image = Ship }));
        var root = await AnswerAsync("/", JsonContent.Create(new { image = Ship }));

        Assert.Equal(["InferredValue", "Confidence", "Probabilities"], infer.EnumerateObject().Select(field => field.Name));
        Assert.Equal(["inferred", "confidence", "probabilities"], root.EnumerateObject().Select(field => field.Name));
        Assert.Equal(("ship", "ship"), (infer.GetProperty("InferredValue").GetString(), root.GetProperty("inferred").GetString()));
        var probabilities = infer.GetProperty("Probabilities").EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetSingle());
        Assert.Equal(Labels.All, probabilities.Keys);
        Assert.Equal(1, probabilities.Values.Sum(), 1e-4f);
        Assert.Equal(probabilities["ship"], infer.GetProperty("Confidence").GetSingle());
        Assert.Equal(probabilities.Values.Max(), probabilities["ship"]);
        Assert.Equal(infer.GetProperty("Probabilities").GetRawText(), root.GetProperty("probabilities").GetRawText());
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("application/octet-stream")]
    [InlineData("application/x-www-form-urlencoded")]                      // curl --data-binary @FILE
    [InlineData(null)]
    public async Task A_picture_may_be_the_body(string? contentType)
    {
        var answer = await AnswerAsync("/infer", Bytes(Ship, contentType));

        Assert.Equal("ship", answer.GetProperty("InferredValue").GetString());
    }

    [Fact]
    public async Task A_picture_may_be_a_file_of_a_form_beside_other_fields()
    {
        var form =
            new MultipartFormDataContent { { new StringContent("camera-1"), "producer_id" }, { Bytes(Ship, "image/png"), "anything", "ship.png" } };

        var answer = await AnswerAsync("/", form);

        Assert.Equal("ship", answer.GetProperty("inferred").GetString());
    }

    [Fact]
    public async Task JSON_that_is_called_a_form_is_JSON()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new { image = Ship });

        var answer = await AnswerAsync("/infer", Bytes(json, "application/x-www-form-urlencoded"));      // curl -d

        Assert.Equal("ship", answer.GetProperty("InferredValue").GetString());
    }

    [Fact]
    public async Task What_cannot_be_used_is_told_from_what_can()
    {
        var twoFiles = new MultipartFormDataContent { { Bytes(Ship, "image/png"), "a", "a.png" }, { Bytes(Ship, "image/png"), "b", "b.png" } };
        var noFile = new MultipartFormDataContent { { new StringContent("x"), "image" } };
        var cut = Bytes("--x\r\nContent-Disposition: form-data; name=a; filename=a\r\n\r\nabc"u8.ToArray(), "multipart/form-data; boundary=x");

        foreach (var (content, reason) in new (HttpContent, string)[]
        {
            (Bytes([], "image/png"), "no picture"), (Bytes("hello"u8.ToArray(), null), "PNG"),
            (Bytes([0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg"), "JPEG"),
            (Bytes(Ship[..500], "image/png"), "PNG"), (Bytes("hello"u8.ToArray(), "application/json"), "JSON"),
            (twoFiles, "2 files"), (noFile, "0 files"), (cut, "form"), (Bytes([], "multipart/form-data"), "form"),
        })
        {
            using var refused = await inference.Http.PostAsync("/infer", content);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains(
                reason, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task A_body_beyond_the_limit_is_refused(string contentType)
    {
        using var refused = await inference.PostTooMuchAsync("/infer", contentType);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Contains($"at most {InferenceFixture.MaxBodyBytes} bytes", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> AnswerAsync(string path, HttpContent content)
    {
        using var answer = await inference.Http.PostAsync(path, content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static ByteArrayContent Bytes(byte[] bytes, string? contentType)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return content;
    }
}
