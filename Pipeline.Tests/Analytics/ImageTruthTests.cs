using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Analytics;

/// <summary>What an image shows, said over HTTP.</summary>
[Trait("Speed", "slow")]
public sealed class ImageTruthTests(KafkaFixture kafka, MongoDBFixture mongodb) : AnalyticsProgram(kafka, mongodb)
{
    [Theory]
    [InlineData("plain")]
    [InlineData("a/b%2Fc")]
    [InlineData("x/truth")]
    public async Task A_truth_is_noted_with_who_said_it_and_accuracy_follows(string id)
    {
        await Images.InsertManyAsync([ADocument.Of("camera-1", null, "plane", id: id), ADocument.Of("camera-1", null, "ship")]);
        var before = DateTime.UtcNow;

        using var answer = await PutAsync(id, new { label = " Airplane", by = "Ada" });

        var image = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("plane", "Ada", true),
            (image.GetProperty("groundTruth").GetString(), image.GetProperty("truthBy").GetString(), image.GetProperty("isCorrect").GetBoolean()));
        var document = await Images.Find(new BsonDocument("_id", id)).SingleAsync();
        Assert.Equal(("plane", "Ada"), (document["GroundTruth"].AsString, document["TruthBy"].AsString));
        Assert.InRange(document["TruthAt"].ToUniversalTime(), before.AddMilliseconds(-1), DateTime.UtcNow);
        var accuracy = await Service.Http.GetFromJsonAsync<JsonElement>("/api/accuracy");
        Assert.Equal((2, 1, 1, 100.0), (accuracy.GetProperty("inferred").GetInt32(), accuracy.GetProperty("compared").GetInt32(),
            accuracy.GetProperty("withoutTruth").GetInt32(), accuracy.GetProperty("accuracyPercent").GetDouble()));
    }

    [Fact]
    public async Task An_image_that_is_not_there_a_label_that_is_none_and_what_is_no_json_are_refused()
    {
        await Images.InsertOneAsync(ADocument.Of("camera-1", null, "ship", id: "a"));

        Assert.Equal(HttpStatusCode.NotFound, (await PutAsync("b", new { label = "ship" })).StatusCode);
        using var tooLong = await PutAsync("a", new { label = new string('z', 129) });
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
        Assert.Contains("1 to 128 characters", await tooLong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync("a", new { by = "Ada" })).StatusCode);
        using var text = await Service.Http.PutAsync("/api/images/a/truth", new StringContent("""{"label":"ship"}""", Encoding.UTF8, "text/plain"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, text.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Service.Http.PutAsJsonAsync("/api/images/a", new { label = "ship" })).StatusCode);
        Assert.False((await Images.Find(new BsonDocument()).SingleAsync()).Contains("GroundTruth"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"label": 5}""")]
    [InlineData("""{"label": "\ud800"}""")]
    [InlineData("""{"label": "ship"}""", "nonsense", HttpStatusCode.OK)]
    public async Task A_body_that_is_no_truth_is_refused_with_what_one_looks_like(
        string body, string charset = "utf-8", HttpStatusCode expected = HttpStatusCode.BadRequest)
    {
        await Images.InsertOneAsync(ADocument.Of("camera-1", null, "ship", id: "a"));
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", $"application/json; charset={charset}");

        using var answer = await Service.Http.PutAsync("/api/images/a/truth", content);

        Assert.Equal(expected, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == HttpStatusCode.OK || text.Contains("the body must be JSON such as", StringComparison.Ordinal), text);
        Assert.DoesNotContain("fail:", Service.Transcript, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/images/unknown")]
    [InlineData("/api/nothing")]
    [InlineData("/api/images/recent?count=many")]
    public async Task A_refusal_has_words(string path)
    {
        using var answer = await Service.Http.GetAsync(path);

        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    [InlineData("same-origin", HttpStatusCode.OK)]
    public async Task Another_sites_page_cannot_say_it(string site, HttpStatusCode expected)
    {
        await Images.InsertOneAsync(ADocument.Of("camera-1", null, "ship", id: "a"));
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/images/a/truth") { Content = JsonContent.Create(new { label = "ship" }) };
        request.Headers.Add("Sec-Fetch-Site", site);

        Assert.Equal(expected, (await Service.Http.SendAsync(request)).StatusCode);
    }

    private Task<HttpResponseMessage> PutAsync(string id, object body) =>
        Service.Http.PutAsJsonAsync($"/api/images/{Uri.EscapeDataString(id)}/truth", body);
}
