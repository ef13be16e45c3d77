using System.Text.Json.Nodes;

namespace Embedded.Tests.Dashboard.Pages;

/// <summary>As much telemetry as a long run leaves behind, as export requests: the signal of each and its JSON. The bench of the pages uses it too.</summary>
internal static class MuchTelemetry
{
    public const int TraceCount = 10_000;
    public const int SpansPerTrace = 10;
    public const int LargeTraceSpanCount = 3_000;

    public static readonly string LargeTrace = OtlpJson.Hex(16, 999_999);

    private const int TracesPerRequest = 500;

    private static readonly string[] Services = ["producer", "inference", "db-consumer"];

    /// <summary>The pages that people open, with what is slow about them.</summary>
    public static readonly string[] Pages =
    [
        "/traces", "/traces?page=100", "/traces?text=no%20such%20name", "/traces?type=Messaging&errors=1", "/traces?filter=messaging.message.id~7777", "/traces?filter=duration>5&filter=name!~poll",
        $"/traces/detail/{OtlpJson.Hex(16, 5_000)}?span={OtlpJson.Hex(8, 50_001)}", $"/traces/detail/{LargeTrace}?span={OtlpJson.Hex(8, 2_000_000)}",
        "/structuredlogs", "/structuredlogs?text=no%20such%20text", "/structuredlogs?filter=ImageId~7777&level=Warning",
        "/metrics", "/metrics?resource=inference&meter=Tests&instrument=image.duration", "/metrics?resource=inference&meter=Tests&instrument=images&window=720",
    ];

    public static IEnumerable<(string Signal, string Json)> Requests()
    {
        var start = OtlpJson.Ago(TimeSpan.FromMinutes(5));
        for (var first = 0; first < TraceCount; first += TracesPerRequest)
        {
            var traces = Enumerable.Range(first, TracesPerRequest).ToArray();
            yield return ("traces", OtlpJson.Spans([.. Services.Select((service, part) => (service, traces.SelectMany(trace => Spans(trace, part, start)).ToArray()))]));
            yield return ("logs", OtlpJson.Logs("inference", [.. traces.Select(trace => OtlpJson.Log(
                $"Classified image {trace}", start + ((ulong)trace * 1_000_000), trace % 50 == 0 ? 17 : 9, OtlpJson.Hex(16, trace + 1), attributes: [("ImageId", $"image-{trace}")]))]));
        }

        yield return ("traces", OtlpJson.Spans(("producer", [.. Enumerable.Range(0, LargeTraceSpanCount).Select(span => OtlpJson.Span(
            LargeTrace, OtlpJson.Hex(8, 2_000_000 + span), "decode picture", start + ((ulong)span * 100_000), 5, span == 0 ? null : OtlpJson.Hex(8, 2_000_000 + (span / 3))))])));
        for (var seconds = 290; seconds > 0; seconds -= 2)
        {
            var at = OtlpJson.Ago(TimeSpan.FromSeconds(seconds));
            yield return ("metrics", OtlpJson.Metrics("inference", OtlpJson.Histogram("image.duration", start, at, 1_000 - seconds, (OtlpJson.Hex(16, 1), OtlpJson.Hex(8, 10))),
                OtlpJson.Counter("images", start, at, [.. Enumerable.Range(0, 20).Select(outcome => ($"outcome {outcome}", 1_000L - seconds))])));
        }
    }

    private static IEnumerable<JsonObject> Spans(int trace, int part, ulong start)
    {
        for (var span = 0; span < SpansPerTrace; span++)
        {
            if (span % Services.Length != part) continue;
            var id = (trace * 10L) + span + 1;
            yield return OtlpJson.Span(
                OtlpJson.Hex(16, trace + 1), OtlpJson.Hex(8, id), span == 0 ? "capture image" : $"step {span}", start + ((ulong)trace * 20_000_000) + ((ulong)span * 1_000_000), 15 - span,
                span == 0 ? null : OtlpJson.Hex(8, id - 1), kind: span % 5, failed: trace % 97 == 0 && span == 4, links: span == 3 ? [(OtlpJson.Hex(16, (trace / 10 * 10) + 1), OtlpJson.Hex(8, (trace / 10 * 100) + 1))] : null,
                attributes: [("messaging.system", "kafka"), ("messaging.destination.name", "image_data"), ("messaging.message.id", $"image-{trace}-{span}")]);
        }
    }
}
