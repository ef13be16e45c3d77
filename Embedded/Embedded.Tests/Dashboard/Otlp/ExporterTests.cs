using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net.Http.Headers;
using Embedded.Aspire.Dashboard.Telemetry;
using Embedded.Tests.Support;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SpanKind = Embedded.Aspire.Dashboard.Telemetry.SpanKind;

namespace Embedded.Tests.Dashboard.Otlp;

/// <summary>What OpenTelemetry's own exporter sends arrives: over HTTP, compressed, and over gRPC.</summary>
public sealed class ExporterTests
{
    public enum Way { Http, Gzip, Grpc }

    private static readonly Action<ILogger, int, Exception?> ShutterBroken =
        LoggerMessage.Define<int>(LogLevel.Error, new EventId(1, "camera.shutter.broken"), "Shutter {Number} is broken");

    private static readonly ResourceBuilder Resource = ResourceBuilder.CreateEmpty().AddService("exporter-test", serviceInstanceId: "one");

    [Theory]
    [InlineData(Way.Http)]
    [InlineData(Way.Gzip)]
    [InlineData(Way.Grpc)]
    public async Task Spans_arrive(Way way)
    {
        await using var receiver = await RunningReceiver.StartAsync(("Dashboard:Otlp:PrimaryApiKey", "secret"));
        using var source = new ActivitySource($"exporter-test-{way}");
        ActivityContext linked = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        ActivitySpanId parentId;
        using (var provider = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(Resource).AddSource(source.Name)
            .AddOtlpExporter(options => Configure(options, receiver, way, "/v1/traces")).Build())
        {
            using (var parent = source.StartActivity("capture", ActivityKind.Producer)!)
            {
                parentId = parent.SpanId;
                using var child = source.StartActivity("process", ActivityKind.Consumer, parent.Context, links: [new ActivityLink(linked)])!;
                child.SetTag("text", "ship").SetTag("count", 42L).SetTag("ratio", 0.5).SetTag("cold", true).SetTag("labels", new[] { "a", "b" });
                child.AddEvent(new ActivityEvent("decoded", tags: new() { ["bytes"] = 3_072 }));
                child.SetStatus(ActivityStatusCode.Error, "boom");
                child.TraceStateString = "a=b";
            }
            Assert.True(provider.ForceFlush(10_000));
        }

        var trace = Assert.Single(receiver.Store.Traces.Snapshot());
        Assert.Equal(("capture", 2, 1), (trace.Name, trace.SpanCount, trace.ErrorCount));
        var span = trace.Spans.Single(span => span.Name == "process");
        Assert.Equal((SpanKind.Consumer, SpanStatus.Error, "boom", "a=b"), (span.Kind, span.Status, span.StatusMessage, span.TraceState));
        Assert.Equal(parentId.ToHexString(), span.ParentSpanId.ToString());
        Assert.Equal(linked.SpanId.ToHexString(), Assert.Single(span.Links).SpanId.ToString());
        Assert.Equal(("decoded", 3_072L), (Assert.Single(span.Events).Name, span.Events[0].Attributes["bytes"].AsInt));
        Assert.Equal(("ship", 42L, 0.5, true), (span.Attributes["text"].AsString, span.Attributes["count"].AsInt, span.Attributes["ratio"].AsDouble, span.Attributes["cold"].AsBool));
        Assert.Equal(["a", "b"], span.Attributes["labels"].AsArray!.Select(value => value.AsString));
        Assert.Equal(("exporter-test", "one"), (span.Resource.ServiceName, span.Resource.InstanceId));
        Assert.Equal(source.Name, span.Scope.Name);
    }

    [Theory]
    [InlineData(Way.Http)]
    [InlineData(Way.Gzip)]
    [InlineData(Way.Grpc)]
    public async Task Metrics_of_every_kind_arrive_with_exemplars(Way way)
    {
        await using var receiver = await RunningReceiver.StartAsync(("Dashboard:Otlp:PrimaryApiKey", "secret"));
        using var source = new ActivitySource($"exporter-test-metrics-{way}");
        using var listener = Sdk.CreateTracerProviderBuilder().AddSource(source.Name).Build();
        using var meter = new Meter($"exporter-test-{way}", "2.0");
        using (var provider = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(Resource).AddMeter(meter.Name)
            .SetExemplarFilter(ExemplarFilterType.AlwaysOn)
            .AddView("wait", new Base2ExponentialBucketHistogramConfiguration())
            .AddView("time", new ExplicitBucketHistogramConfiguration { Boundaries = [1, 2] })
            .AddOtlpExporter((options, reader) =>
            {
                Configure(options, receiver, way, "/v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = Timeout.Infinite;
            }).Build())
        {
            using var activity = source.StartActivity("measured");
            meter.CreateCounter<long>("sent", "{record}", "Records").Add(3, new KeyValuePair<string, object?>("topic", "image_data"));
            meter.CreateObservableGauge("load", () => 0.25);
            var time = meter.CreateHistogram<double>("time", "s");
            time.Record(0.5);
            time.Record(5);
            meter.CreateHistogram<double>("wait").Record(3);
            Assert.True(provider.ForceFlush(10_000));

            var instruments = receiver.Store.Metrics.Instruments();
            Assert.Equal(["load", "sent", "time", "wait"], instruments.Select(instrument => instrument.Name));
            var sent = Assert.Single(Series("sent").Dimensions);
            Assert.Equal("image_data", sent.Attributes["topic"].AsString);
            Assert.Equal((true, 3L), Assert.IsType<NumberPoint>(sent.Points[^1]) is var number ? (number.IsInteger, number.IntegerValue) : default);
            Assert.Equal((true, Temporality.Cumulative, "{record}", "Records"), Series("sent").Instrument is var i ? (i.IsMonotonic, i.Temporality, i.Unit, i.Description) : default);
            Assert.Equal(0.25, Assert.IsType<NumberPoint>(Point("load")).Value);
            var histogram = Assert.IsType<HistogramPoint>(Point("time"));
            Assert.Equal([1ul, 0, 1], histogram.BucketCounts);
            Assert.Equal((2ul, 5.5, 0.5, 5.0), (histogram.Count, histogram.Sum, histogram.Min, histogram.Max));
            Assert.Contains(histogram.Exemplars, exemplar => exemplar.SpanId.ToString() == activity!.SpanId.ToHexString());
            var exponential = Assert.IsType<ExponentialHistogramPoint>(Point("wait"));
            Assert.Equal((1ul, 3.0, 1ul), (exponential.Count, exponential.Sum, exponential.Positive.BucketCounts.Aggregate(0ul, (sum, count) => sum + count)));
        }

        MetricSeries Series(string name) => receiver.Store.Metrics.Series(receiver.Store.FindResource("exporter-test")!, $"exporter-test-{way}", name)!;
        Embedded.Aspire.Dashboard.Telemetry.MetricPoint Point(string name) => Assert.Single(Series(name).Dimensions).Points[^1];
    }

    [Theory]
    [InlineData(Way.Http)]
    [InlineData(Way.Gzip)]
    [InlineData(Way.Grpc)]
    public async Task Log_records_arrive(Way way)
    {
        await using var receiver = await RunningReceiver.StartAsync(("Dashboard:Otlp:PrimaryApiKey", "secret"));
        using (var factory = LoggerFactory.Create(logging => logging.AddOpenTelemetry(options =>
        {
            options.SetResourceBuilder(Resource);
            options.IncludeFormattedMessage = true;
            options.AddOtlpExporter(exporter => Configure(exporter, receiver, way, "/v1/logs"));
        })))
        {
            ShutterBroken(factory.CreateLogger("Pipeline.Camera"), 7, new InvalidOperationException("jammed"));
        }

        await Eventually.TrueAsync(() => receiver.Store.Logs.LastId == 1);
        var record = Assert.Single(receiver.Store.Logs.Snapshot());
        Assert.Equal(("Shutter 7 is broken", 17, "Pipeline.Camera", true), (record.Message, record.SeverityNumber, record.Scope.Name, record.IsError));
        Assert.Equal((7L, "jammed"), (record.Attributes["Number"].AsInt, record.Attributes["exception.message"].AsString));
    }

    [Fact]
    public async Task A_wrong_key_is_refused_over_gRPC_too()
    {
        await using var receiver = await RunningReceiver.StartAsync(("Dashboard:Otlp:PrimaryApiKey", "other"));
        using var source = new ActivitySource("exporter-test-key");
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource(source.Name).AddOtlpExporter(options => Configure(options, receiver, Way.Grpc, "")).Build();

        source.StartActivity("capture")!.Dispose();
        provider.ForceFlush(10_000);

        Assert.Equal(0, receiver.Store.Traces.Counters.Received);
    }

    private static void Configure(OtlpExporterOptions options, RunningReceiver receiver, Way way, string path)
    {
        options.Headers = "x-otlp-api-key=secret";
        options.Protocol = way == Way.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = way == Way.Grpc ? receiver.Grpc : new Uri(receiver.Http, path);
        if (way == Way.Gzip) options.HttpClientFactory = () => new HttpClient(new GzipHandler());
    }

    /// <summary>Compresses what the exporter sends, as collectors between a program and its dashboard do.</summary>
    private sealed class GzipHandler() : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Compress(request, request.Content!.ReadAsStream(cancellationToken));
            return base.Send(request, cancellationToken);
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Compress(request, await request.Content!.ReadAsStreamAsync(cancellationToken));
            return await base.SendAsync(request, cancellationToken);
        }

        private static void Compress(HttpRequestMessage request, Stream body)
        {
            var compressed = new MemoryStream();
            using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true)) body.CopyTo(gzip);
            var content = new ByteArrayContent(compressed.ToArray());
            content.Headers.ContentType = new MediaTypeHeaderValue(RunningReceiver.Protobuf);
            content.Headers.ContentEncoding.Add("gzip");
            request.Content = content;
        }
    }
}
