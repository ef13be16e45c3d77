using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Confluent.Kafka;
using Embedded.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Tests.Support;

namespace Pipeline.Tests.EndToEnd;

/// <summary>The whole system as AppHost.cs declares it, on free ports and a folder of its own.</summary>
internal sealed class RunningPipeline : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);

    private readonly DistributedApplication _app;
    private readonly MongoClient _client;

    private RunningPipeline(DistributedApplication app, HttpClient analytics, string kafka, string mongoDB)
    {
        (_app, Analytics, Kafka, MongoDB, _client) = (app, analytics, kafka, mongoDB, new MongoClient(mongoDB));
        Images = _client.GetDatabase("image_database").GetCollection<BsonDocument>("image_data");
    }

    public HttpClient Analytics { get; }

    /// <summary>The broker's address.</summary>
    public string Kafka { get; }

    /// <summary>The store's connection string.</summary>
    public string MongoDB { get; }

    public IMongoCollection<BsonDocument> Images { get; }

    /// <summary>Starts with the AppHost's own options and waits until pictures can flow; without <c>--Data</c> on a folder of its own.</summary>
    public static async Task<RunningPipeline> StartAsync(params string[] options)
    {
        using var limit = new CancellationTokenSource(StartLimit);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Pipeline_AppHost>(
            ["--Data", ":temp:", .. options], limit.Token);
        var app = await builder.BuildAsync(limit.Token);
        try
        {
            await app.StartAsync(limit.Token);
            foreach (var service in (string[])["analytics", "inference", "db-consumer"])
            {
                await app.ResourceNotifications.WaitForResourceHealthyAsync(service, limit.Token);
            }

            return new RunningPipeline(
                app, app.CreateHttpClient("analytics"),
                await ConnectionStringAsync(app, "broker", limit.Token), await ConnectionStringAsync(app, "image-database", limit.Token));
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    public HttpClient HttpClientFor(string resource) => _app.CreateHttpClient(resource);

    /// <summary>What the dashboard shows of a resource.</summary>
    /// <param name="isWanted">Waits for a state like that; null: as it is.</param>
    public async Task<CustomResourceSnapshot> ShownAsync(string resource, Predicate<CustomResourceSnapshot>? isWanted = null)
    {
        using var limit = new CancellationTokenSource(StartLimit);
        var shown = await _app.ResourceNotifications.WaitForResourceAsync(
            resource, current => isWanted?.Invoke(current.Snapshot) is not false, limit.Token);
        return shown.Snapshot;
    }

    /// <summary>The first line with these words in what a resource writes.</summary>
    public async Task<string> LoggedAsync(string resource, string words, TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        var running = await _app.ResourceNotifications.WaitForResourceAsync(resource, static _ => true, limit.Token);
        var log = _app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(running.ResourceId);
        await foreach (var batch in log.WithCancellation(limit.Token))
        {
            if (batch.FirstOrDefault(line => line.Content.Contains(words, StringComparison.Ordinal)) is { Content: { } found })
            {
                return found;
            }
        }

        throw new InvalidOperationException($"{resource} wrote nothing with {words}.");
    }

    /// <summary>Waits until that many documents hold a prediction.</summary>
    public Task StoredAsync(long documents, TimeSpan within)
    {
        var inferred = 0L;
        return Polling.UntilAsync(
            async () => (inferred = await InferredOrAwayAsync(inferred)) >= documents, within,
            () => string.Create(CultureInfo.InvariantCulture, $"{inferred} of {documents} documents hold both halves"));
    }

    /// <summary>Documents with both halves.</summary>
    public Task<long> InferredAsync() => Images.CountDocumentsAsync(new BsonDocument
    {
        { "InferredValue", new BsonDocument("$exists", true) },
        { "Image", new BsonDocument("$exists", true) },
    });

    // A pooled connection learns only when it is used that its server was killed; the driver repeats no reads of its own accord.
    private async Task<long> InferredOrAwayAsync(long before)
    {
        try
        {
            return await InferredAsync();
        }
        catch (MongoConnectionException)
        {
            return before;
        }
    }

    /// <summary>Records that the broker holds, all partitions together.</summary>
    public long RecordsIn(string topic)
    {
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = Kafka, GroupId = "count" }).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        return admin.GetMetadata(topic, RequestLimit).Topics.Single().Partitions
            .Select(partition => consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition.PartitionId), RequestLimit))
            .Sum(offsets => offsets.High - offsets.Low);
    }

    public async Task<JsonElement> ProgressAsync() => await Analytics.GetFromJsonAsync<JsonElement>("/api/progress");

    /// <summary>kill -9 of a resource's process, and waits until the AppHost has put another one in its place.</summary>
    public async Task KillAsync(string resource)
    {
        using var limit = new CancellationTokenSource(StartLimit);
        var running = await _app.ResourceNotifications.WaitForResourceAsync(resource, current => ProcessIdOf(current) is not null, limit.Token);
        var killed = ProcessIdOf(running)!.Value;
        using (var process = Process.GetProcessById(killed))
        {
            process.Kill();
        }

        await _app.ResourceNotifications.WaitForResourceAsync(
            resource, current => ProcessIdOf(current) is { } id && id != killed, limit.Token);
        await _app.ResourceNotifications.WaitForResourceHealthyAsync(resource, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Analytics.Dispose();
        _client.Dispose();
        await _app.DisposeAsync();
    }

    private static async Task<string> ConnectionStringAsync(DistributedApplication app, string resource, CancellationToken cancellationToken) =>
        await app.GetConnectionStringAsync(resource, cancellationToken)
            ?? throw new InvalidOperationException($"{resource} has no connection string.");

    /// <summary>Null while there is no process.</summary>
    private static int? ProcessIdOf(ResourceEvent current) =>
        current.Snapshot.State?.Text == KnownResourceStates.Running
        && current.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } id
            ? Convert.ToInt32(id, CultureInfo.InvariantCulture)
            : null;
}
