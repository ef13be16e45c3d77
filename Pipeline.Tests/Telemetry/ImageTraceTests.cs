using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Embedded.Tests.Support;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.ServiceDefaults.Kafka;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Telemetry;

/// <summary>Sixty images of three cameras, every one of them traced through all processes.</summary>
public sealed class TracedImages : IAsyncLifetime
{
    public const int Count = 60;

    internal TracedPipeline Pipeline { get; private set; } = null!;

    internal IReadOnlyList<CapturedSpan> Spans { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Pipeline = await TracedPipeline.StartAsync();
        await Pipeline.CaptureAsync(
            "--Cameras:Producers", "3", "--Cameras:Images", "20", "--Cameras:Rate", "20", "--Cameras:Echo", "true", "--Telemetry:Sampling", "1");
        Spans = await Pipeline.SpansAsync(spans =>
            spans.Count(span => span is { Service: "db-consumer", Kind: "CONSUMER" }) >= 2 * Count && AreLinksWhole(spans));
    }

    /// <summary>A batch's span ends after those of its images, and may be exported after them.</summary>
    private static bool AreLinksWhole(IReadOnlyList<CapturedSpan> spans)
    {
        var ids = spans.Select(span => span.SpanId).ToHashSet();
        return spans.All(span => span.Links.All(link => ids.Contains(link.SpanId)));
    }

    public ValueTask DisposeAsync() => Pipeline?.DisposeAsync() ?? ValueTask.CompletedTask;
}

[Trait("Speed", "slow")]
public sealed class ImageTraceTests(TracedImages run) : IClassFixture<TracedImages>
{
    // What differs from run to run; of everything else the value is part of the golden text.
    private static readonly HashSet<string> Varying =
    [
        "messaging.destination.partition.id", "messaging.kafka.offset", "messaging.kafka.message.key", "messaging.message.id", "pipeline.image.id",
        "pipeline.producer.id", "pipeline.schedule.lag", "pipeline.batch.id", "pipeline.batch.size", "pipeline.model.version",
        "pipeline.predicted.class", "pipeline.predicted.confidence",
    ];

    private IEnumerable<IGrouping<string, CapturedSpan>> ImageTraces =>
        run.Spans.GroupBy(span => span.TraceId).Where(trace => trace.Any(span => span.Name == "capture image"));

    [Fact]
    public void The_spans_of_every_image_form_one_complete_trace_across_all_processes()
    {
        Assert.Equal(TracedImages.Count, ImageTraces.Count());
        GoldenEqual("image-trace.txt", string.Join("\n", ImageTraces.Select(Render).Distinct()));
    }

    [Fact]
    public void Stages_add_up_to_the_whole_to_the_nanosecond()
    {
        Assert.All(ImageTraces, trace =>
        {
            CapturedSpan The(string service, string name) => trace.Single(span => span.Service == service && span.Name == name);
            var capture = The("producer", "capture image");
            var sendImage = The("producer", "send image_data");
            var infer = The("inference", "process image_data");
            var wait = The("inference", "batch wait");
            var model = The("inference", "infer resnet20-cifar10-int8");
            var publish = The("inference", "send inference_results");
            var store = The("db-consumer", "process inference_results");
            var storeWait = trace.Single(span => span.Name == "store wait" && span.ParentId == store.SpanId);

            // Each stage begins where the one before it ended, so their sum is the whole.
            Assert.Equal(sendImage.Start, capture.End);
            Assert.Equal(infer.Start, wait.Start);
            Assert.Equal(model.Start, wait.End);
            Assert.Equal(infer.End, publish.End);
            Assert.Equal(store.Start, storeWait.Start);
            ulong[] instants = [capture.Start, sendImage.Start, infer.Start, model.Start, model.End, publish.Start, store.Start, storeWait.End,
                store.End];
            Assert.Equal(instants.Order(), instants);

            var lag = double.Parse(capture.Attributes["pipeline.schedule.lag"]["double ".Length..], CultureInfo.InvariantCulture);
            Assert.InRange(lag * 1e9, 0, sendImage.Start - capture.Start);
        });
    }

    [Fact]
    public void Batches_have_traces_of_their_own_linked_both_ways()
    {
        var byId = run.Spans.ToDictionary(span => span.SpanId);
        var batches = run.Spans.Where(span => span.Name is "infer batch" or "store batch").ToList();

        Assert.NotEmpty(batches);
        Assert.All(batches, batch =>
        {
            Assert.NotEmpty(batch.Links);
            Assert.All(batch.Links, link => Assert.Contains((batch.TraceId, batch.SpanId), byId[link.SpanId].Links));
            Assert.StartsWith("poll", byId[batch.ParentId].Name, StringComparison.Ordinal);
            Assert.Equal("", byId[batch.ParentId].ParentId);
            Assert.DoesNotContain(ImageTraces, trace => trace.Key == batch.TraceId);
        });
        // What the store's driver tells belongs to the batch.
        Assert.Contains(run.Spans, span => span.Name.EndsWith("image_database.image_data", StringComparison.Ordinal)
            && byId.GetValueOrDefault(span.ParentId)?.Name == "store batch");
        Assert.Contains(run.Spans, span => span.Name == "commit image_data" && byId.GetValueOrDefault(span.ParentId)?.Name == "poll image_data");
    }

    /// <summary>Two exporters, two readers.</summary>
    [Fact]
    public async Task The_files_of_the_services_hold_what_they_exported()
    {
        List<CapturedSpan> inFiles = [];
        await Polling.UntilAsync(
            () =>
                Task.FromResult(run.Spans.Select(span => span.SpanId)
                    .Except((inFiles = SpanFiles.Read(run.Pipeline.SpanFiles)).Select(span => span.SpanId)).Any() is false),
            TimeSpan.FromSeconds(20), () => $"{inFiles.Count} of {run.Spans.Count}");

        var byId = inFiles.ToDictionary(span => span.SpanId);
        Assert.All(run.Spans, span => Assert.Equal(Describe(span), Describe(byId[span.SpanId])));
        static string Describe(CapturedSpan span) => JsonSerializer.Serialize(
            span with { Attributes = span.Attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal).ToDictionary(), Links = [] })
            + string.Concat(span.Links.Select(link => $" {link.TraceId} {link.SpanId}"));
    }

    [Fact]
    public void The_driver_of_the_store_begins_no_trace()
    {
        var roots = run.Spans.Where(span => span.ParentId.Length == 0).Select(span => span.Name).Distinct();

        Assert.All(roots, root => Assert.True(root == "capture image" || root.StartsWith("poll ", StringComparison.Ordinal) || root == "poll"
            || root == "POST /infer", root));
    }

    [Fact]
    public async Task Requests_are_traced_and_probes_are_not()
    {
        var http = run.Pipeline.Inference.Http;
        foreach (var probe in (string[])["/health", "/alive"])
        {
            Assert.NotEmpty(await http.GetStringAsync(probe, TestContext.Current.CancellationToken));
        }

        using var pixels = new ByteArrayContent([1, 2, 3]);
        using var answer = await http.PostAsync("/infer", pixels, TestContext.Current.CancellationToken);

        var requests = (await run.Pipeline.SpansAsync(1, span => span.Name == "POST /infer")).Where(span => span.Kind == "SERVER");

        var request = Assert.Single(requests);
        Assert.Equal($"int {(int)answer.StatusCode}", request.Attributes["http.response.status_code"]);
        Assert.Equal(["POST", "/infer", "/infer", "http"],
            ((string[])["http.request.method", "http.route", "url.path", "url.scheme"]).Select(name => request.Attributes[name].Trim('"')));
    }

    [Fact]
    public async Task The_trace_context_of_a_prediction_is_the_span_that_sent_it_byte_for_byte()
    {
        var sent = run.Spans.Where(span => span.Name == "send inference_results").Select(span => $"00-{span.TraceId}-{span.SpanId}-01").ToHashSet();

        var records = (await TopicReader.ReadAllAsync(run.Pipeline.Kafka, Topics.InferenceResults)).Where(IsOfCamera);

        Assert.All(records, record => Assert.Contains(record.Message.Headers.Text("traceparent")!, sent));
    }

    [Fact]
    public async Task Predictions_repeat_the_headers_of_their_images()
    {
        string[] repeated = [ImageHeaders.ImageId, ImageHeaders.ProducerId, ImageHeaders.CapturedAt, ImageHeaders.ScheduledAt];
        var images = (await TopicReader.ReadAllAsync(run.Pipeline.Kafka, Topics.ImageData)).Where(IsOfCamera)
            .ToDictionary(record => record.Message.Headers.Text(ImageHeaders.ImageId)!);

        var results = (await TopicReader.ReadAllAsync(run.Pipeline.Kafka, Topics.InferenceResults)).Where(IsOfCamera);

        Assert.Equal(TracedImages.Count, results.Count());
        Assert.All(results, result =>
        {
            var image = images[Encoding.UTF8.GetString(result.Message.Key)];
            Assert.All(repeated, name => Assert.Equal(image.Message.Headers.Text(name), result.Message.Headers.Text(name)));
            Assert.True(result.Message.Headers.Instant(ImageHeaders.SentAt) > image.Message.Headers.Instant(ImageHeaders.SentAt));
        });
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("malformed", "traceparent", "00-nonsense")]
    [InlineData("all zero", "traceparent", "00-00000000000000000000000000000000-0000000000000000-01")]
    [InlineData("duplicate", "traceparent", "stale", "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("bad instants", "pipeline-scheduled-at", "yesterday", "pipeline-sent-at", "99999999999999999999999", "pipeline-captured-at", "")]
    public async Task Bad_headers_never_cost_an_image(string what, params string[] headers)
    {
        var record = new Message<byte[], byte[]>
        {
            Key = "old-camera"u8.ToArray(),
            Value = AnImage($"image with {what}").Write(),
            Headers = RecordHeaders.Protobuf(),
        };
        foreach (var pair in headers.Chunk(2))
        {
            record.Headers.Add(pair[0], Encoding.UTF8.GetBytes(pair[1]));
        }

        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = run.Pipeline.Kafka }).Build();

        await producer.ProduceAsync(Topics.ImageData, record);

        ConsumeResult<byte[], byte[]>? prediction = null;
        await Polling.UntilAsync(
            async () => (prediction = (await TopicReader.ReadAllAsync(run.Pipeline.Kafka, Topics.InferenceResults))
                .Find(result => Encoding.UTF8.GetString(result.Message.Key) == $"image with {what}")) is not null,
            TimeSpan.FromSeconds(30), () => "no prediction");
        Assert.True(TraceContext.TryExtract(prediction!.Message.Headers, out var context));
        Assert.Equal(what == "duplicate", context.TraceId.ToHexString() == "0af7651916cd43dd8448eb211c80319c");
        Assert.Single(prediction.Message.Headers, header => header.Key == "traceparent");
    }

    [Fact]
    public async Task Metrics_tell_of_every_stage_in_histograms_of_the_kind_that_their_receiver_takes()
    {
        string[] ours = ["pipeline.", "messaging.", "db.", "kafka.", "mongodb."];
        (string, string)[] last = [("db-consumer", "pipeline.image.duration"), ("broker", "kafka.request.duration"),
            ("mongodb", "mongodb.operation.duration")];
        await Polling.UntilAsync(
            () => Task.FromResult(last.All(wanted => run.Pipeline.Telemetry.Metrics.Any(metric => (metric.Service, metric.Metric) == wanted))),
            TimeSpan.FromSeconds(20), () => string.Join('\n', run.Pipeline.Telemetry.Metrics.Distinct()));

        var metrics = run.Pipeline.Telemetry.Metrics.Where(metric => ours.Any(name => metric.Metric.StartsWith(name, StringComparison.Ordinal)))
            .Distinct().ToList();

        // Aspire's dashboard drops exponential ones, whichever library they are of; only who asks for them sends them, and then for all.
        Assert.All(run.Pipeline.Telemetry.Metrics.Where(metric => metric.Kind == "exponential histogram"),
            metric => Assert.Equal(TracedPipeline.ExponentialService, metric.Service));
        Assert.All(metrics.Where(metric => metric.Kind == "histogram"), metric => Assert.NotEqual(TracedPipeline.ExponentialService, metric.Service));
        GoldenEqual("metrics.txt",
            string.Concat(metrics.Select(metric => $"{metric.Service}: {metric.Metric}, {metric.Kind}\n").Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Every_process_says_who_it_is()
    {
        Assert.All((string[])["producer", "inference", "db-consumer"], service =>
        {
            var resource = run.Pipeline.Telemetry.Resources[service];
            Assert.Equal("\"camera-pipeline\"", resource["service.namespace"]);
            Assert.Equal($"\"{service}-1\"", resource["service.instance.id"]);
            Assert.All((string[])["service.version", "host.name", "deployment.environment.name", "telemetry.sdk.name"],
                name => Assert.Contains(name, resource.Keys));
        });
        Assert.All(
            run.Spans.Where(span => span.Scope == "Pipeline"), span => Assert.Equal("https://opentelemetry.io/schemas/1.44.0", span.SchemaUrl));
    }

    private static bool IsOfCamera(ConsumeResult<byte[], byte[]> record) => record.Message.Headers.Text(ImageHeaders.ImageId) is not null;

    private static CapturedImage AnImage(string id) => CapturedImage.Of(
        id, "old-camera", "ship", DateTimeOffset.UnixEpoch, new Rgb24(Rgb24.ImageWidth, Rgb24.ImageHeight, new byte[Rgb24.ImageBytes]));

    /// <summary>UPDATE_GOLDEN=1 writes the file anew; the difference is then for the review.</summary>
    private static void GoldenEqual(string name, string actual)
    {
        var path = Path.Combine(Repository.Root, "Pipeline.Tests", "Telemetry", "Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual, ignoreLineEndingDifferences: true);
    }

    /// <summary>The tree of a trace: service, kind, name, attributes, links to spans by their names.</summary>
    private string Render(IEnumerable<CapturedSpan> trace)
    {
        var names = run.Spans.ToDictionary(span => span.SpanId, span => span.Name);
        var children = trace.ToLookup(span => span.ParentId);
        var text = new StringBuilder();
        void Append(CapturedSpan span, string indent)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{indent}{span.Service}: {span.Kind} {span.Name}{(span.Status == 0 ? "" : " FAILED")}");
            foreach (var (name, value) in span.Attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal))
            {
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"{indent}    {name} = {(Varying.Contains(name) ? value.Split(' ')[0].StartsWith('"') ? "\"…\"" : value.Split(' ')[0] : value)}");
            }

            foreach (var link in span.Links)
            {
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"{indent}    link to {(link.TraceId == span.TraceId ? "" : "the batch: ")}{names.GetValueOrDefault(link.SpanId, "?")}");
            }

            foreach (var child in children[span.SpanId].OrderBy(child => child.Service, StringComparer.Ordinal)
                .ThenBy(child => child.Name, StringComparer.Ordinal))
            {
                Append(child, indent + "  ");
            }
        }
        foreach (var root in children[""])
        {
            Append(root, "");
        }

        return text.ToString();
    }
}
