using System.Net.ServerSentEvents;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Analytics;

/// <summary>What an open page is sent. On a broker of its own: a dead letter is shown with its age, which changes while it is young.</summary>
[Trait("Speed", "slow")]
public sealed class EventStreamTests(KafkaFixture kafka, MongoDBFixture mongodb) : AnalyticsProgram(kafka, mongodb)
{
    [Fact]
    public async Task The_stream_tells_everything_first_and_then_only_what_changed()
    {
        await Images.InsertManyAsync([ADocument.Of("camera-1", "ship", "car")], cancellationToken: default);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var stream = await Service.Http.GetStreamAsync("/page/events", limit.Token);
        await using var events = SseParser.Create(stream).EnumerateAsync(limit.Token).GetAsyncEnumerator();

        List<string> first = [];
        while (first.LastOrDefault() != "state" && await events.MoveNextAsync())
        {
            first.Add(events.Current.EventType);
        }
        await Images.InsertManyAsync([ADocument.Of("camera-<2>", "ship", "car")], cancellationToken: default);
        List<SseItem<string>> then = [];
        while (!then.Exists(item => item.EventType == "producers") && await events.MoveNextAsync())
        {
            then.Add(events.Current);
        }

        Assert.Equal(["tiles", "wall", "shadow", "producers", "classes", "confusion", "lag", "dead-letters", "charts", "state"], first);
        Assert.Contains("camera-&lt;2&gt;", then[^1].Data, StringComparison.Ordinal);
        Assert.DoesNotContain(then, item => item.EventType == "dead-letters");
    }
}
