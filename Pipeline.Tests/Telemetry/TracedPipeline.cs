using Embedded.Tests.Support;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.Telemetry;

/// <summary>Broker, store and the three services that an image passes, each in a process of its own, and a receiver of what they tell.</summary>
internal sealed class TracedPipeline : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _kafkaData = new();
    private readonly TemporaryFolder _storeData = new();
    private readonly TemporaryFolder _spanFiles = new();
    private ServerProcess? _kafka, _store;
    private ServiceProcess? _inference, _dbConsumer;

    private TracedPipeline(OtlpCapture telemetry) => Telemetry = telemetry;

    public OtlpCapture Telemetry { get; }

    /// <summary>Where the services write what they export, too.</summary>
    public string SpanFiles => _spanFiles.Path;

    public string Kafka => _kafka!.Address;

    public string Store => _store!.Address;

    public ServiceProcess Inference => _inference!;

    public static async Task<TracedPipeline> StartAsync()
    {
        var pipeline = new TracedPipeline(await OtlpCapture.StartAsync());
        try
        {
            pipeline._kafka = await ServerProcess.StartKafkaAsync(pipeline._kafkaData.Path, pipeline.Exporting("broker"));
            pipeline._store = await ServerProcess.StartMongoDBAsync(pipeline._storeData.Path, pipeline.Exporting("mongodb"));
            pipeline._inference = await ServiceProcess.StartAsync("Pipeline.Inference", pipeline.Settings("inference"));
            pipeline._dbConsumer = await ServiceProcess.StartAsync("Pipeline.DbConsumer", pipeline.Settings("db-consumer"));
            return pipeline;
        }
        catch
        {
            await pipeline.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a producer to its end.</summary>
    public async Task CaptureAsync(params string[] options)
    {
        var ended = await ServiceProcess.RunAsync("Pipeline.Producer", options, Settings("producer"));
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
    }

    /// <summary>Waits for a number of spans of a name; then all spans so far.</summary>
    public Task<IReadOnlyList<CapturedSpan>> SpansAsync(int count, Func<CapturedSpan, bool> such) => SpansAsync(spans => spans.Count(such) >= count);

    /// <summary>All that came, once they are as wanted.</summary>
    public async Task<IReadOnlyList<CapturedSpan>> SpansAsync(Predicate<IReadOnlyList<CapturedSpan>> areWanted)
    {
        await Polling.UntilAsync(() => Task.FromResult(areWanted(Telemetry.Spans)), Limit,
            () => string.Join('\n', Telemetry.Spans.CountBy(span => $"{span.Service}: {span.Name}")));
        return Telemetry.Spans;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable? process in (IAsyncDisposable?[])[_dbConsumer, _inference, _store, _kafka])
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }
        await Telemetry.DisposeAsync();
        _spanFiles.Dispose();
        _storeData.Dispose();
        _kafkaData.Dispose();
    }

    /// <summary>The service that is told, as deployments with a Collector tell all of theirs, to send exponential histograms.</summary>
    public const string ExponentialService = "db-consumer";

    /// <summary>What the AppHost would give, here with a receiver of our own.</summary>
    private (string, string)[] Settings(string service) =>
    [
        ("ConnectionStrings__kafka", Kafka),
        ("ConnectionStrings__image-database", $"mongodb://{_store!.Address}/image_database"),
        ("Telemetry__Folder", SpanFiles),
        .. service == ExponentialService
            ? [("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "base2_exponential_bucket_histogram")]
            : Array.Empty<(string, string)>(),
        .. Exporting(service).Select(variable => (variable.Key, variable.Value)),
    ];

    private Dictionary<string, string> Exporting(string service) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Telemetry.Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_SERVICE_NAME"] = service,
        ["OTEL_TRACES_SAMPLER"] = "always_on",                  // as Aspire does
        ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={service}-1",
    };
}
