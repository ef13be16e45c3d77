using System.Globalization;
using Pipeline.Latency.Traces;

namespace Pipeline.Tests.Experiments;

/// <summary>An image whose way is known, and its spans as the Collector writes them.</summary>
internal sealed class AnImage
{
    /// <summary>Nanoseconds of each stage, in the order of the stamps s c p r b e q d w k; they add up to 5 ms.</summary>
    public static readonly long[] UsualStages = [100_000, 200_000, 1_000_000, 50_000, 800_000, 30_000, 1_200_000, 20_001, 1_599_999];

    private static readonly Stamp[] Way =
    [
        Stamp.Scheduled, Stamp.Captured, Stamp.Published, Stamp.Received, Stamp.BatchStarted, Stamp.ModelDone,
        Stamp.PredictionPublished, Stamp.PredictionReceived, Stamp.WriteIssued, Stamp.WriteAcknowledged,
    ];

    private readonly Dictionary<Stamp, long> _at = [];
    private readonly int _number;

    private AnImage(int number, string producer) => (_number, Producer) = (number, producer);

    public string Producer { get; }

    public string Id => string.Create(CultureInfo.InvariantCulture, $"image-{_number:00000}");

    public long this[Stamp stamp] => _at[stamp];

    /// <param name="number">Tells images apart.</param>
    /// <param name="due">Unix nanoseconds.</param>
    /// <param name="stages">Instead of <see cref="UsualStages"/>.</param>
    /// <param name="inferenceAhead">Nanoseconds by which inference's clock is ahead.</param>
    public static AnImage Due(int number, long due, string producer = "camera-1", long[]? stages = null, long inferenceAhead = 0)
    {
        var image = new AnImage(number, producer);
        var at = due;
        for (var i = 0; i < Way.Length; i++)
        {
            image._at[Way[i]] = at;
            at += i < UsualStages.Length ? (stages ?? UsualStages)[i] : 0;
        }

        image._at[Stamp.Acknowledged] = image[Stamp.Published] + 700_000;
        image._at[Stamp.Echoed] = image[Stamp.PredictionPublished] + 900_000;
        foreach (var stamp in (Stamp[])[Stamp.Received, Stamp.BatchStarted, Stamp.ModelDone, Stamp.PredictionPublished])
        {
            image._at[stamp] += inferenceAhead;
        }

        return image;
    }

    /// <summary>Every span of a complete trace, with its service.</summary>
    public IEnumerable<ASpan> Spans() =>
    [
        Span(1, 0, "producer", "capture image", 1, Stamp.Scheduled, Stamp.Published,
            ("pipeline.image.id", Text(Id)), ("pipeline.producer.id", Text(Producer)),
            ("pipeline.schedule.lag", Number((this[Stamp.Captured] - this[Stamp.Scheduled]) / 1e9))),
        Span(2, 1, "producer", "send image_data", 4, Stamp.Published, Stamp.Acknowledged, ("messaging.message.id", Text(Id))),
        Span(3, 2, "inference", "process image_data", 5, Stamp.Received, Stamp.PredictionPublished),
        Span(4, 3, "inference", "batch wait", 1, Stamp.Received, Stamp.BatchStarted),
        Span(5, 3, "inference", "infer resnet20-cifar10", 1, Stamp.BatchStarted, Stamp.ModelDone, ("pipeline.batch.size", Whole(2))),
        Span(6, 3, "inference", "send inference_results", 4, Stamp.PredictionPublished, Stamp.PredictionPublished),
        Span(7, 6, "db-consumer", "process inference_results", 5, Stamp.PredictionReceived, Stamp.WriteAcknowledged),
        Span(8, 7, "db-consumer", "store wait", 1, Stamp.PredictionReceived, Stamp.WriteIssued),
        Span(9, 2, "db-consumer", "process image_data", 5, Stamp.Received, Stamp.ModelDone),
        Span(10, 9, "db-consumer", "store wait", 1, Stamp.Received, Stamp.BatchStarted),
        Span(11, 6, "producer", "process inference_results", 5, Stamp.Echoed, Stamp.Echoed),
    ];

    private ASpan Span(
        int number, int parent, string service, string name, int kind, Stamp start, Stamp end, params (string Key, string Value)[] attributes) => new(
        service, string.Create(CultureInfo.InvariantCulture, $"abcdef{_number + 1:x26}"), SpanId(number), parent == 0 ? null : SpanId(parent), name,
        kind, this[start], this[end],
        string.Join(',', attributes.Select(attribute => $$"""{"key":"{{attribute.Key}}","value":{{attribute.Value}}}""")));

    private string SpanId(int number) => string.Create(CultureInfo.InvariantCulture, $"c{_number + 1:x12}{number:x3}");

    private static string Text(string value) => $$"""{"stringValue":"{{value}}"}""";

    private static string Whole(int value) => $$"""{"intValue":"{{value}}"}""";

    private static string Number(double value) => $$"""{"doubleValue":{{value.ToString("R", CultureInfo.InvariantCulture)}}}""";
}

/// <summary>One span, to be written as JSON.</summary>
internal sealed record ASpan(
    string Service, string TraceId, string Id, string? Parent, string Name, int Kind, long Start, long End, string Attributes)
{
    private static readonly string[] KindNames = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];

    /// <summary>As the Collector writes it.</summary>
    public string ToJson() => string.Create(CultureInfo.InvariantCulture, $$$"""
        {"traceId":"{{{TraceId}}}","spanId":"{{{Id}}}"{{{(Parent is null ? "" : $",\"parentSpanId\":\"{Parent}\"")}}},"flags":257,"name":"{{{Name}}}","kind":{{{Kind}}},"startTimeUnixNano":"{{{Start}}}","endTimeUnixNano":"{{{End}}}","attributes":[{{{Attributes}}}],"status":{}}
        """);

    /// <summary>As readers must take it too: upper-case ids, numbers for strings, names for numbers, an empty parent, keys nobody knows.</summary>
    public string ToOtherJson() => string.Create(CultureInfo.InvariantCulture, $$"""
        {"status":{"code":"STATUS_CODE_OK"},"zzz":[1,{"a":null}],"traceId":"{{TraceId.ToUpperInvariant()}}","spanId":"{{Id.ToUpperInvariant()}}","parentSpanId":"{{Parent?.ToUpperInvariant()}}","name":"{{Name}}","kind":"SPAN_KIND_{{KindNames[Kind]}}","startTimeUnixNano":{{Start}},"endTimeUnixNano":{{End}},"attributes":[{{Attributes.Replace("\"intValue\":\"2\"", "\"intValue\":2", StringComparison.Ordinal)}}]}
        """);
}

/// <summary>Lines of a trace file.</summary>
internal static class TraceLines
{
    /// <summary>One export request of one service.</summary>
    public static string Request(string service, IEnumerable<string> spans) => $$$"""
        {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"{{{service}}}"}}]},"scopeSpans":[{"scope":{"name":"Pipeline"},"spans":[{{{string.Join(',', spans)}}}],"schemaUrl":"https://opentelemetry.io/schemas/1.44.0"}]}]}
        """;

    /// <summary>A line for each service.</summary>
    public static IEnumerable<string> Of(IEnumerable<AnImage> images, Func<ASpan, string>? write = null) =>
        images.SelectMany(image => image.Spans()).GroupBy(span => span.Service)
            .Select(service => Request(service.Key, service.Select(write ?? (span => span.ToJson()))));
}
