using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Analytics;
using Pipeline.Analytics.Page;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Analytics;

/// <summary>A model and its shadow, on the images that both classified.</summary>
public sealed class ShadowComparisonsTests(MongoDBFixture mongodb) : IClassFixture<MongoDBFixture>
{
    private readonly IMongoCollection<BsonDocument> _images = MongoDBFixture.Images(mongodb.NewDatabase());

    [Fact]
    public async Task Accuracy_rests_on_images_with_a_truth_and_agreement_on_all_that_both_classified()
    {
        await _images.InsertManyAsync(
        [
            Both("ship", "ship", "ship"), Both("ship", "ship", "car"), Both("ship", "car", "ship"), Both("ship", "car", "car"), Both("ship", "ship", "ship"),
            Both(null, "cat", "cat"), Both(null, "cat", "dog"),
            ADocument.Of("camera-1", "ship", "ship"),                                                                        // no shadow
            new BsonDocument(ADocument.Of("camera-1", "ship")) { ["Shadow"] = Shadow("ship") },                              // not predicted yet
            new BsonDocument(ADocument.Of("camera-1", "ship", "ship")) { ["Shadow"] = "a stranger's" },
        ], cancellationToken: default);

        var pair = Assert.Single(await ReadAsync());

        Assert.Equal(new ShadowComparison("live:1", "second:2", Images: 7, Agreed: 4, Compared: 5, Correct: 3, ShadowCorrect: 3), WithoutLatency(pair));
        Assert.Equal((4 / 7.0, 0.6, 0.6), (pair.Agreement, pair.Accuracy, pair.ShadowAccuracy));
    }

    [Fact]
    public async Task Each_pair_of_versions_is_told_on_its_own_and_the_latest_first()
    {
        await _images.InsertManyAsync(
        [
            Both("ship", "ship", "ship"), Both("ship", "ship", "ship", model: "live:2", at: ADocument.Noon.AddMinutes(2)),
            Both("ship", "ship", "car", shadow: "second:3", at: ADocument.Noon.AddMinutes(1)),
        ], cancellationToken: default);

        Assert.Equal([("live:2", "second:2"), ("live:1", "second:3"), ("live:1", "second:2")], (await ReadAsync()).Select(pair => (pair.Model, pair.ShadowModel)));
        Assert.Equal([("live:2", "second:2")], (await ReadAsync(new DateTimeOffset(ADocument.Noon.AddSeconds(90)))).Select(pair => (pair.Model, pair.ShadowModel)));
    }

    [Fact]
    public async Task Latency_is_from_capture_to_each_prediction_and_leaves_out_what_was_classified_again_later()
    {
        await _images.InsertManyAsync(
        [
            .. Enumerable.Range(1, 100).Select(number => Both("ship", "ship", "ship", latencyMs: number, shadowLatencyMs: 2 * number)),
            Both("ship", "ship", "ship", latencyMs: 5, shadowLatencyMs: 3_600_000), Both("ship", "ship", "ship", latencyMs: -5, shadowLatencyMs: 5),
        ], cancellationToken: default);

        var pair = Assert.Single(await ReadAsync());

        Assert.Equal((new Percentiles(50, 95), new Percentiles(100, 190), 102), (pair.Latency, pair.ShadowLatency, pair.Images));
    }

    [Fact]
    public void The_page_shows_them_and_nothing_where_there_is_no_shadow()
    {
        var pair = new ShadowComparison("live:1", "second:2", Images: 2_000, Agreed: 1_970, Compared: 1_000, Correct: 912, ShadowCorrect: 905)
        {
            Latency = new(12, 30),
            ShadowLatency = new(8, 21),
        };

        Assert.DoesNotContain("In the shadow", Page(Snapshot.Empty), StringComparison.Ordinal);
        var page = Page(Snapshot.Empty with { Shadows = [pair] });
        foreach (var shown in (string[])["In the shadow", "live:1", "second:2", "91.2 %", "90.5 %", "98.5 %", "of 2,000", "12 ms", "30 ms", "8 ms", "21 ms"])
        {
            Assert.Contains(shown, page, StringComparison.Ordinal);
        }
    }

    private static ShadowComparison WithoutLatency(ShadowComparison pair) => pair with { Latency = default, ShadowLatency = default };

    private static string Page(Snapshot snapshot) => AnalyticsPage.Render(PageParts.Render(snapshot)).Markup;

    private static BsonDocument Both(
        string? truth, string live, string shadowed, string model = "live:1", string shadow = "second:2", DateTime? at = null,
        int latencyMs = 10, int shadowLatencyMs = 10)
    {
        var document = ADocument.Of("camera-1", truth, live, capturedAt: at);
        document["Model"] = model;
        document["InferredAt"] = document["CapturedAt"].ToUniversalTime().AddMilliseconds(latencyMs);
        return document.Add("Shadow", Shadow(shadowed, shadow, document["CapturedAt"].ToUniversalTime().AddMilliseconds(shadowLatencyMs)));
    }

    private static BsonDocument Shadow(string inferred, string model = "second:2", DateTime? at = null) =>
        new() { { "InferredValue", inferred }, { "Confidence", 0.5 }, { "Model", model }, { "InferredAt", at ?? ADocument.Noon } };

    private Task<IReadOnlyList<ShadowComparison>> ReadAsync(DateTimeOffset? since = null) =>
        ShadowComparisons.ReadAsync(MongoDBFixture.Typed(_images), default, since);
}
