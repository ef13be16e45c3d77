using System.Collections.Concurrent;
using System.Diagnostics;
using MongoDB.Bson;
using MongoDB.Driver;
using Xunit;

namespace Embedded.Tests.Driver;

/// <summary>The spans that the pipeline's traces are made of.</summary>
public sealed class TelemetryTests(DriverFixture fixture) : IClassFixture<DriverFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bulk_write_is_one_operation_span_with_its_command_inside()
    {
        var collection = fixture.NewCollection();
        var fullName = collection.CollectionNamespace.FullName;
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MongoTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        await collection.UpdateOneAsync(new BsonDocument("_id", 1), new BsonDocument("$set", new BsonDocument("a", 1)), new() { IsUpsert = true }, Token);
        await Assert.ThrowsAsync<MongoCommandException>(() => collection.Indexes.DropOneAsync("none", Token));

        var operation = Assert.Single(spans, span => span.DisplayName == $"update {fullName}");
        var command = Assert.Single(spans, span => span.ParentSpanId == operation.SpanId);
        Assert.Equal(ActivityKind.Client, operation.Kind);
        Assert.Equal("mongodb", operation.GetTagItem("db.system.name"));
        Assert.Equal("driver_tests", operation.GetTagItem("db.namespace"));
        Assert.Equal(collection.CollectionNamespace.CollectionName, operation.GetTagItem("db.collection.name"));
        Assert.Equal(("update", "127.0.0.1"), (command.DisplayName, command.GetTagItem("server.address")));
        Assert.Contains(spans, span => span.DisplayName == $"dropIndexes {fullName}" && span.Status == ActivityStatusCode.Error);
    }
}
