using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Embedded.Tests.Support;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults;
using Pipeline.ServiceDefaults.Telemetry;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Telemetry;

/// <summary>What a process writes into --Telemetry:Folder, by the real SDK.</summary>
public sealed partial class SpanFileTests : IDisposable
{
    private static readonly DateTime Began = new(2027, 1, 15, 8, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryFolder _folder = new();
    private readonly string _sourceName = $"source-{Guid.NewGuid():N}";      // other tests' spans stay out
    private readonly LinesOfLog _log = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> OfTheCollector =>
    [
        .. File.ReadLines(Golden("Experiments", "collector-traces.jsonl")).Where(IsWhole)
            .SelectMany(
                line => JsonElement.Parse(line).TryGetProperty("resourceSpans", out var resources) ? resources.EnumerateArray().ToArray() : [])
            .Select(resource => resource.GetRawText()),
    ];

    /// <summary>The spans of a file of the Collector, made again, give the same bytes.</summary>
    [Theory]
    [MemberData(nameof(OfTheCollector))]
    public async Task Spans_are_written_as_the_Collector_writes_them(string expected)
    {
        var resource = JsonElement.Parse(expected);
        var scope = resource.GetProperty("scopeSpans")[0];
        using var source = new ActivitySource(
            new ActivitySourceOptions(_sourceName) { TelemetrySchemaUrl = scope.GetProperty("schemaUrl").GetString() });
        Dictionary<string, string> names = new() { [_sourceName] = scope.GetProperty("scope").GetProperty("name").GetString()! };

        await WriteAsync(AttributesOf(resource.GetProperty("resource")), maxQueuedSpans: 100, () =>
        {
            foreach (var span in scope.GetProperty("spans").EnumerateArray())
            {
                var made = Make(source, span);
                names[made.SpanId.ToHexString()] = span.GetProperty("spanId").GetString()!;
                names[made.TraceId.ToHexString()] = span.GetProperty("traceId").GetString()!;
            }
        });

        var line = names.Aggregate(Assert.Single(Lines()), (text, name) => text.Replace(name.Key, name.Value, StringComparison.Ordinal));
        Assert.Equal($$"""{"resourceSpans":[{{ShortestSpan().Replace(expected, EndsATickLater)}}]}""", line);
    }

    [Fact]
    public async Task Every_kind_of_value_has_the_form_that_OTLP_gives_it()
    {
        using var source = new ActivitySource(_sourceName, "1.2");
        Activity? root = null;

        await WriteAsync([], maxQueuedSpans: 100, () =>
        {
            Activity.Current = null;
            root = source.StartActivity("é \"quoted\" + <b>", ActivityKind.Client, default(ActivityContext), startTime: Began)!;
            root.TraceStateString = "vendor=1";
            root.SetTag("bool", true).SetTag("int", 7).SetTag("long", long.MinValue).SetTag("double", 0.5).SetTag("nan", double.NaN)
                .SetTag("infinite", double.NegativeInfinity)
                .SetTag("texts", (string[])["a", "b"]).SetTag("numbers", (int[])[1, 2]).SetTag("other", new Uri("http://host/path"));
            root.AddTag("nothing", null);
            root.AddEvent(new ActivityEvent("exception", Began.AddMilliseconds(1), new() { { "exception.type", "TimeoutException" } }));
            root.SetStatus(ActivityStatusCode.Error, "too\nlate");
            root.End(Began.AddMilliseconds(2));
        });

        var line = Assert.Single(Lines()).Replace(_sourceName, "SOURCE", StringComparison.Ordinal)
            .Replace(root!.TraceId.ToHexString(), "TRACE", StringComparison.Ordinal)
                .Replace(root.SpanId.ToHexString(), "SPAN", StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(Golden("Telemetry", "span-file.jsonl")), line + "\n");
    }

    [Fact]
    public async Task At_the_default_size_of_the_queue_a_burst_loses_nothing()
    {
        var dropped = await WriteManyAsync(spans: 50_000, maxQueuedSpans: 65_536);

        Assert.Equal((0, 50_000), (dropped, SpansIn(Lines())));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Spans_that_find_the_queue_full_are_counted_in_the_file_and_told_once()
    {
        var dropped = await WriteManyAsync(spans: 50_000, maxQueuedSpans: 16);

        var lines = Lines();
        Assert.NotEqual(0, dropped);
        Assert.Equal(50_000, dropped + SpansIn(lines));
        // spans that found room may come after it
        var told = lines.Last(line => line.StartsWith("{\"resourceMetrics\"", StringComparison.Ordinal));
        var last = JsonElement.Parse(told).GetProperty("resourceMetrics")[0].GetProperty("scopeMetrics")[0].GetProperty("metrics")[0];
        Assert.Equal("otel.sdk.processor.span.processed", last.GetProperty("name").GetString());
        Assert.Equal($"{dropped}", last.GetProperty("sum").GetProperty("dataPoints")[0].GetProperty("asInt").GetString());
        Assert.Contains("queue_full", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_never_share_a_file_whatever_their_ids()
    {
        using var first = new SpanFile(_folder.Path, "service/a");
        using var second = new SpanFile(_folder.Path, "service/a");

        foreach (var file in (SpanFile[])[first, second])
        {
            await file.RunAsync(TestContext.Current.CancellationToken);
            file.Append("line\n"u8);
        }

        Assert.Equal([$"servicea-{Environment.ProcessId}-2.jsonl", $"servicea-{Environment.ProcessId}.jsonl"],
            Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.EnumerateFiles(_folder.Path), file => Assert.Equal("line\n", File.ReadAllText(file)));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_refused_by_its_name()
    {
        File.WriteAllText(_folder.File("file"), "");
        using var file = new SpanFile(_folder.File("file/traces"), "service");

        var refused = await Assert.ThrowsAsync<StartupException>(() => file.RunAsync(TestContext.Current.CancellationToken));

        Assert.Contains(_folder.File("file/traces"), refused.Message, StringComparison.Ordinal);
        Assert.Contains("Telemetry:Folder", refused.Message, StringComparison.Ordinal);
    }

    private async Task<long> WriteManyAsync(int spans, int maxQueuedSpans)
    {
        using var source = new ActivitySource(_sourceName);
        return await WriteAsync([], maxQueuedSpans, () =>
        {
            for (var i = 0; i < spans; i++)
            {
                source.StartActivity("span")!.Dispose();
            }
        });
    }

    /// <summary>Lets the SDK write the spans that an action makes, and shuts it down.</summary>
    /// <returns>How many were dropped.</returns>
    private async Task<long> WriteAsync(IEnumerable<KeyValuePair<string, object>> resource, int maxQueuedSpans, Action makeSpans)
    {
        using var file = new SpanFile(_folder.Path, "service");
        await file.RunAsync(TestContext.Current.CancellationToken);
        using var exporter = new SpanFileExporter(file, maxQueuedSpans, AHost.Metrics(), TimeProvider.System, _log);
        var queue = new BatchExportActivityProcessorOptions
        {
            MaxQueueSize = maxQueuedSpans,
            MaxExportBatchSize = Math.Min(maxQueuedSpans, 4096),
            ScheduledDelayMilliseconds = 200,
        };
        using (Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes(resource))
            .AddSource(_sourceName)
            .AddProcessor(new SpanFileProcessor(exporter, queue))
            .Build())
        {
            makeSpans();
        }
        return exporter.Dropped;
    }

    private string[] Lines()
    {
        var text = File.ReadAllText(Assert.Single(Directory.EnumerateFiles(_folder.Path)));
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text.Split('\n')[..^1];
    }

    private static int SpansIn(IEnumerable<string> lines) => lines.Select(line => JsonElement.Parse(line)).Sum(request =>
        request.TryGetProperty("resourceSpans", out var resources)
            ? resources[0].GetProperty("scopeSpans")[0].GetProperty("spans").GetArrayLength()
            : 0);

    /// <summary>Starts and ends a span as the file describes it; its own ids are new.</summary>
    private static Activity Make(ActivitySource source, JsonElement span)
    {
        var parent = span.TryGetProperty("parentSpanId", out var parentId) ? ContextOf(span, parentId) : default;
        var links = span.TryGetProperty("links", out var linked)
            ? linked.EnumerateArray().Select(link => new ActivityLink(ContextOf(link, link.GetProperty("spanId"))))
            : [];
        Activity.Current = null;
        var made = source.StartActivity(span.GetProperty("name").GetString()!, (ActivityKind)(span.GetProperty("kind").GetInt32() - 1), parent,
            AttributesOf(span).Select(attribute => new KeyValuePair<string, object?>(attribute.Key, attribute.Value)), links,
            TimeOf(span, "startTimeUnixNano"))!;
        made.End(TimeOf(span, "endTimeUnixNano"));
        return made;
    }

    private static ActivityContext ContextOf(JsonElement place, JsonElement spanId) => new(
        ActivityTraceId.CreateFromString(place.GetProperty("traceId").GetString()), ActivitySpanId.CreateFromString(spanId.GetString()),
        ActivityTraceFlags.Recorded, isRemote: (place.GetProperty("flags").GetInt32() & 0x200) != 0);

    private static DateTimeOffset TimeOf(JsonElement span, string name) =>
        UnixNanoseconds.ToInstant(long.Parse(span.GetProperty(name).GetString()!, CultureInfo.InvariantCulture));

    private static KeyValuePair<string, object>[] AttributesOf(JsonElement place) => !place.TryGetProperty("attributes", out var attributes) ? [] :
    [
        .. attributes.EnumerateArray().Select(
            attribute => new KeyValuePair<string, object>(attribute.GetProperty("key").GetString()!, ValueOf(attribute.GetProperty("value")))),
    ];

    private static object ValueOf(JsonElement value) => value.EnumerateObject().Single() switch
    {
        { Name: "intValue" } number => long.Parse(number.Value.GetString()!, CultureInfo.InvariantCulture),
        { Name: "doubleValue" } number => number.Value.GetDouble(),
        var text => text.Value.GetString()!,
    };

    /// <summary>To .NET no span is shorter than a tick.</summary>
    private static string EndsATickLater(Match instants) => string.Create(CultureInfo.InvariantCulture,
        $"""
        "startTimeUnixNano":"{instants.Groups[1].Value}","endTimeUnixNano":"{long.Parse(instants.Groups[1].Value, CultureInfo.InvariantCulture) + TimeSpan.NanosecondsPerTick}"
        """);

    [GeneratedRegex("\"startTimeUnixNano\":\"(\\d+)\",\"endTimeUnixNano\":\"\\1\"")]
    private static partial Regex ShortestSpan();

    private static bool IsWhole(string line) => line.StartsWith('{') && line.EndsWith("]}", StringComparison.Ordinal);

    private static string Golden(string folder, string name) => Path.Combine(Repository.Root, "Pipeline.Tests", folder, "Golden", name);

    private sealed class LinesOfLog : ILogger<SpanFileExporter>
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));
    }
}
