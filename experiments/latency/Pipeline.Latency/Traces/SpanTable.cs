namespace Pipeline.Latency.Traces;

/// <summary>What a span of an image's trace stands for.</summary>
internal enum Part
{
    Capture,
    SendImage,
    InferImage,
    BatchWait,
    Model,
    SendPrediction,
    StorePrediction,
    StoreWait,
    StoreImage,
    Echo,
    DatabaseWrite,
}

/// <summary>The one place that knows the pipeline's spans: which is which, and which instants its ends are.</summary>
internal static class SpanTable
{
    /// <summary>A part of the way.</summary>
    /// <param name="Name">The span's name; a trailing <c>*</c> stands for any ending.</param>
    /// <param name="AtStart">The stamp that the span's start is.</param>
    /// <param name="AtEnd">The stamp that its end is.</param>
    /// <param name="IsRequired">A trace without it is incomplete.</param>
    public sealed record Row(
        Part Part, string Service, SpanKind Kind, string Name, Stamp? AtStart = null, Stamp? AtEnd = null, bool IsRequired = true);

    public static readonly Row[] Rows =
    [
        // c: start + pipeline.schedule.lag
        new(Part.Capture,         "producer",    SpanKind.Internal, "capture image",             Stamp.Scheduled),
        new(Part.SendImage,       "producer",    SpanKind.Producer, "send image_data",           Stamp.Published, Stamp.Acknowledged),
        new(Part.InferImage,      "inference",   SpanKind.Consumer, "process image_data",        Stamp.Received),
        new(Part.BatchWait,       "inference",   SpanKind.Internal, "batch wait"),
        new(Part.Model,           "inference",   SpanKind.Internal, "infer *",                   Stamp.BatchStarted, Stamp.ModelDone),
        new(Part.SendPrediction,  "inference",   SpanKind.Producer, "send inference_results",    Stamp.PredictionPublished),
        new(Part.StorePrediction, "db-consumer", SpanKind.Consumer, "process inference_results", Stamp.PredictionReceived, Stamp.WriteAcknowledged),
        // w: its end, under StorePrediction
        new(Part.StoreWait,       "db-consumer", SpanKind.Internal, "store wait"),
        new(Part.StoreImage,      "db-consumer", SpanKind.Consumer, "process image_data"),
        new(Part.Echo,            "producer",    SpanKind.Consumer, "process inference_results", Stamp.Echoed, IsRequired: false),

        // Where a trace has no wait under StorePrediction, w is the start of the write it links to. The conventions name that span by
        // operation and collection, MongoDB's own driver by operation, database and collection.
        new(Part.DatabaseWrite,   "db-consumer", SpanKind.Client,   "bulkWrite image_data",                IsRequired: false),
        new(Part.DatabaseWrite,   "db-consumer", SpanKind.Client,   "bulkWrite image_database.image_data", IsRequired: false),
        new(Part.DatabaseWrite,   "db-consumer", SpanKind.Client,   "update image_data",                   IsRequired: false),
        new(Part.DatabaseWrite,   "db-consumer", SpanKind.Client,   "update image_database.image_data",    IsRequired: false),
    ];

    /// <summary>The batch's own span, in a trace of its own, is named like an image's and is none.</summary>
    private const string BatchModelRun = "infer batch";

    private static readonly ILookup<string, Row> ByService = Rows.ToLookup(row => row.Service);

    /// <summary>The topics, of images and of predictions.</summary>
    public static readonly string[] Topics = ["image_data", "inference_results"];

    /// <summary>The row of a span; null for one that is not of an image's way.</summary>
    /// <param name="topics">What the table calls topics that have other names; null: none has.</param>
    public static Row? Find(Span span, IReadOnlyDictionary<string, string>? topics = null)
    {
        if (span.Name == BatchModelRun)
        {
            return null;
        }

        var name = topics is null ? span.Name : InOurWords(span.Name, topics);
        foreach (var row in ByService[span.Service])
        {
            if (row.Kind == span.Kind && Matches(row.Name, name))
            {
                return row;
            }
        }

        return null;
    }

    /// <summary>A span of messaging is named by what is done and to which topic.</summary>
    private static string InOurWords(string name, IReadOnlyDictionary<string, string> topics) =>
        name.Split(' ', 2) is [var operation, var topic] && topics.TryGetValue(topic, out var ours) ? $"{operation} {ours}" : name;

    private static bool Matches(string pattern, string name) =>
        pattern[^1] == '*' ? name.AsSpan().StartsWith(pattern.AsSpan(..^1), StringComparison.Ordinal)
        : name == pattern;
}
