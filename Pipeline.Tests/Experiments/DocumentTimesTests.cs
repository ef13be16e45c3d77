using System.Globalization;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Latency.Statistics;
using Pipeline.Latency.Traces;
using Pipeline.Tests.Support;
using Pipeline.Tests.Telemetry;

namespace Pipeline.Tests.Experiments;

/// <summary>Two clocks that know nothing of each other's way: the spans, and the dates that the services wrote into the documents.</summary>
[Trait("Speed", "slow")]
public sealed class DocumentTimesTests(TracedImages run) : IClassFixture<TracedImages>
{
    [Fact]
    public async Task Percentiles_from_traces_agree_with_the_dates_in_the_documents()
    {
        var assembler = new TraceAssembler();
        foreach (var span in run.Spans)
        {
            assembler.Add(Plain(span));
        }

        var documents = (await DocumentsAsync()).ToDictionary(document => document["_id"].AsString);

        var samples = assembler.Build().Samples;

        Assert.Equal(TracedImages.Count, samples.Count);
        // From the shutter to the write: CapturedAt and StoredAt, which MongoDB keeps in whole milliseconds.
        double[] fromTraces = [.. samples.Select(sample => sample.Between(Stamp.Captured, Stamp.WriteIssued)!.Value / 1e6).Order()];
        double[] fromDocuments = [.. samples.Select(sample => Milliseconds(documents[sample.ImageId])).Order()];
        Assert.All((double[])[0.5, 0.9, 0.95], p =>
            Assert.InRange(Percentile.Of(fromTraces, p), Percentile.Of(fromDocuments, p) - 1, Percentile.Of(fromDocuments, p) + 1));
    }

    private static double Milliseconds(BsonDocument document) =>
        (document["StoredAt"].ToUniversalTime() - document["CapturedAt"].ToUniversalTime()).TotalMilliseconds;

    private async Task<List<BsonDocument>> DocumentsAsync()
    {
        using var client = new MongoClient($"mongodb://{run.Pipeline.Store}");
        var images = client.GetDatabase("image_database").GetCollection<BsonDocument>("image_data");
        return await images.Find(Builders<BsonDocument>.Filter.Empty).ToListAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What the experiment's reader makes of the same span in a file.</summary>
    private static Span Plain(CapturedSpan span) => new(
        UInt128.Parse(span.TraceId, NumberStyles.HexNumber, CultureInfo.InvariantCulture), SpanId(span.SpanId), SpanId(span.ParentId), span.Service,
        span.Name,
        Enum.Parse<SpanKind>(span.Kind, ignoreCase: true), (long)span.Start, (long)span.End,
        new SpanAttributes(Text(span, "pipeline.image.id") ?? Text(span, "messaging.message.id"), Text(span, "pipeline.producer.id"), 1,
            double.Parse(Text(span, "pipeline.schedule.lag")?["double ".Length..] ?? "0", CultureInfo.InvariantCulture), null),
        [.. span.Links.Select(link => SpanId(link.SpanId))]);

    private static ulong SpanId(string hex) => hex.Length == 0 ? 0 : ulong.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static string? Text(CapturedSpan span, string name) =>
        span.Attributes.TryGetValue(name, out var value) ? value.Trim('"') : null;
}
