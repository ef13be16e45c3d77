using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.Inference;

/// <summary>A peer's pipeline on a broker and a store of its own, from an empty folder until every image is stored.</summary>
internal static class PeerRun
{
    /// <summary>In whole numbers Debian's torch cannot read it from its ONNX file.</summary>
    public const string Model = "fp32";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(40);

    /// <summary>As its scripts call them.</summary>
    private static readonly string[] TopicNames = ["peer-images", "peer-results"];

    /// <param name="peer">Whose.</param>
    /// <param name="pictures">The file that its cameras show.</param>
    /// <param name="rate">Images a second and camera; 0: as fast as the broker takes them. Else every image is timed.</param>
    public static async Task<PeerOutcome> MeasureAsync(Peer peer, string pictures, int cameras, int imagesPerCamera, double rate)
    {
        var data = Directory.CreateTempSubdirectory("pipeline-peers-");
        try
        {
            await using var broker = StartServer("Embedded.Kafka", data, "--auto.create.topics.enable", "false");
            await using var store = StartServer("Embedded.MongoDB", data);
            var settings = new Dictionary<string, string>
            {
                ["BROKER"] = await broker.ReadyAsync(),
                ["STORE"] = $"mongodb://{await store.ReadyAsync()}/image_database",
                ["MODEL"] = ShippedModels.Find(Model)!,
                ["PICTURES"] = pictures,
                ["PARTITIONS"] = $"{Topics.DefaultPartitionCount}",
                ["CAMERAS"] = $"{cameras}",
                ["IMAGES"] = $"{imagesPerCamera}",
                ["RATE"] = rate.ToString(CultureInfo.InvariantCulture),
            };
            var latencies = Path.Combine(data.FullName, "latencies");
            if (rate > 0)
            {
                settings["LATENCIES"] = latencies;
            }
            await CreateTopicsAsync(settings["BROKER"]);

            await using var inference = peer.Start("inference", settings);
            await using var writer = peer.Start("writer", settings);
            await Task.WhenAll(inference.ReadyAsync(), writer.ReadyAsync());
            await using var producer = peer.Start("producer", settings);
            var (spending, counted) = await WaitAsync(cameras * imagesPerCamera, writer, [broker, store, inference, writer, producer]);
            var (seconds, accuracy) = await AskAsync(settings["STORE"], cameras * imagesPerCamera);
            return new(cameras * imagesPerCamera, seconds, accuracy, spending, counted, rate == 0 ? [] : [.. File.ReadLines(latencies).Select(Way)]);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static PeerProgram StartServer(string name, DirectoryInfo data, params string[] options) => new(
        Path.Combine(Machine.RepositoryRoot, "Embedded", name, "bin", "Release", "net10.0", name),
        ["--listen", "127.0.0.1:0", "--data", Path.Combine(data.FullName, name), .. options],
        new Dictionary<string, string> { ["KAFKA_LOG"] = "Warning" });

    private static async Task CreateTopicsAsync(string broker)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker }).Build();
        await admin.CreateTopicsAsync(TopicNames.Select(name => new TopicSpecification { Name = name, NumPartitions = Topics.DefaultPartitionCount, ReplicationFactor = 1 }));
    }

    private static async Task<(Spending Spending, long Counted)> WaitAsync(int images, PeerProgram writer, PeerProgram[] programs)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(Interval);
        var spending = new Spending();
        for (var first = 0L; await timer.WaitForNextTickAsync(limit.Token);)
        {
            if (programs.Any(program => program.HasFailed))
            {
                throw new InvalidOperationException("A program of the peer's pipeline failed; what it said is above.");
            }

            if (writer.Stored is > 0 and var stored)
            {
                spending.Look(programs.Select(program => program.Id));
                first = first == 0 ? stored : first;
                if (stored >= images)
                {
                    return (spending, stored - first);
                }
            }
        }

        throw new System.Diagnostics.UnreachableException();
    }

    /// <summary>What the store holds, in the figures that analytics gives for ours.</summary>
    private static async Task<(double Seconds, double Accuracy)> AskAsync(string store, int images)
    {
        using var client = new MongoClient(store);
        var all = await client.GetDatabase("image_database").GetCollection<BsonDocument>("image_data").Aggregate()
            .Match(Builders<BsonDocument>.Filter.Exists("InferredValue") & Builders<BsonDocument>.Filter.Exists("Image"))
            .Group(BsonDocument.Parse("""
                { _id: null, images: { $sum: 1 }, right: { $sum: { $cond: [{ $eq: ["$InferredValue", "$GroundTruth"] }, 1, 0] } },
                  first: { $min: "$CapturedAt" }, last: { $max: "$StoredAt" } }
                """))
            .SingleAsync();
        return all["images"] == images
            ? ((all["last"].ToUniversalTime() - all["first"].ToUniversalTime()).TotalSeconds, all["right"].ToDouble() / images)
            : throw new InvalidOperationException($"The store holds {all["images"]} whole images of {images}.");
    }

    private static (double, double) Way(string line) => line.Split(' ') is [var captured, var stored]
        ? (double.Parse(captured, CultureInfo.InvariantCulture), double.Parse(stored, CultureInfo.InvariantCulture))
        : throw new InvalidDataException($"'{line}' is no pair of instants.");
}
