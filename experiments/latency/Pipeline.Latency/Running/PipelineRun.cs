using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Pipeline.Latency.Results;
using static System.FormattableString;

namespace Pipeline.Latency.Running;

/// <summary>What became of a run.</summary>
/// <param name="Stored">Documents with predictions; null: it had not finished when its time was over.</param>
internal readonly record struct PipelineOutcome(long? Stored, double ImagesPerSecond);

/// <summary>One run of the pipeline as its AppHost declares it, without a dashboard, with data that goes when it does.</summary>
/// <param name="Producers">Cameras.</param>
/// <param name="Rate">Images per second and camera; 0: as fast as it goes.</param>
/// <param name="Images">Of each camera.</param>
/// <param name="Replicas">Inference processes.</param>
/// <param name="TraceFolder">Where every service writes its spans: those of every image.</param>
/// <param name="Arrival">One of <see cref="Arrivals"/>.</param>
internal sealed record PipelineRun(int Producers, double Rate, int Images, int Replicas, string TraceFolder, string Arrival)
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopWithin = TimeSpan.FromMinutes(1);

    /// <summary>Without a rate nobody knows how long it takes.</summary>
    private static readonly TimeSpan UnpacedWithin = TimeSpan.FromMinutes(5);

    /// <summary>After the last image was due; what is not stored by then counts as lost.</summary>
    private static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    /// <summary>Whether the pipeline was compiled as it should be measured.</summary>
    public static bool IsOptimised =>
        typeof(Projects.Pipeline_AppHost).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration == "Release";

    private TimeSpan SendingWithin => Rate == 0 ? UnpacedWithin : TimeSpan.FromSeconds(Images / Rate) + DrainWithin;

    /// <summary>Starts the pipeline, waits until every image is stored, and stops it.</summary>
    /// <exception cref="ExperimentException">It did not start.</exception>
    public async Task<PipelineOutcome> RunAsync(CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "--Producers", Invariant($"{Producers}"), "--Rate", Invariant($"{Rate}"), "--Images", Invariant($"{Images}"), "--Arrival", Arrival,
            "--InferenceReplicas", Invariant($"{Replicas}"), "--Echo", "true", "--Data", ":temp:", "--Telemetry:Folder", TraceFolder,
            "--Telemetry:Sampling", "1",
        ];
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Pipeline_AppHost>(arguments, cancellationToken);
        await using var app = await builder.BuildAsync(cancellationToken);
        try
        {
            using var analytics = await StartAsync(app, cancellationToken);
            return await WatchAsync(analytics, cancellationToken);
        }
        finally
        {
            // Services export their last spans while they stop.
            using var patience = new CancellationTokenSource(StopWithin);
            await app.StopAsync(patience.Token);
        }
    }

    private static async Task<HttpClient> StartAsync(DistributedApplication app, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartWithin);
        try
        {
            await app.StartAsync(limit.Token);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("analytics", limit.Token);
            await app.ResourceNotifications.WaitForResourceAsync("producer", KnownResourceStates.Running, limit.Token);
            return app.CreateHttpClient("analytics");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ExperimentException($"The pipeline did not start within {StartWithin.TotalMinutes} minutes.");
        }
    }

    private async Task<PipelineOutcome> WatchAsync(HttpClient analytics, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(SendingWithin);
        try
        {
            using var timer = new PeriodicTimer(AskEvery);
            while (await timer.WaitForNextTickAsync(limit.Token))
            {
                if (await AskAsync(analytics, limit.Token) is { } progress && progress.IsComplete((long)Producers * Images))
                {
                    return new PipelineOutcome(progress.Whole, progress.ImagesPerSecond);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Its time is over.
        }

        return new PipelineOutcome(null, 0);
    }

    /// <summary>Null when analytics cannot answer just now.</summary>
    private static async Task<Progress?> AskAsync(HttpClient analytics, CancellationToken cancellationToken)
    {
        try
        {
            return await analytics.GetFromJsonAsync<Progress>("/api/progress", JsonSerializerOptions.Web, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            return null;
        }
    }

    /// <summary>What the experiment needs of analytics' <c>GET /api/progress</c>.</summary>
    private sealed record Progress(long Inferred, long Stored, long DeadLettered, DateTimeOffset? FirstCapturedAt, DateTimeOffset? LastStoredAt)
    {
        /// <summary>Documents with image and prediction.</summary>
        public long Whole => Math.Min(Inferred, Stored);

        public double ImagesPerSecond => LastStoredAt - FirstCapturedAt is { Ticks: > 0 } taken ? Whole / taken.TotalSeconds : 0;

        public bool IsComplete(long sent) => Whole + DeadLettered >= sent;
    }
}
