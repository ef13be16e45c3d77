using System.Globalization;
using System.Net;
using Confluent.Kafka;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;

/// <summary>The pipeline as processes of its own, on a disk that can be full and behind connections that can break.</summary>
internal sealed class ChaosPipeline : IAsyncDisposable
{
    public const int Cameras = 4;

    private static readonly IPAddress Inner = IPAddress.Parse("127.0.0.2");

    /// <summary>Below this the servers refuse what grows; together with what the pipeline leaves it fits the disk.</summary>
    private const int MinFreeMegabytes = 16;

    /// <summary>An image in the broker's log and in the store's, with room for journals and compaction.</summary>
    private const long BytesAnImage = 24 * 1024;

    private readonly Supervised[] _programs;
    private readonly TextWriter _log;

    public ChaosPipeline(int imagesPerCamera)
    {
        Disk = new Disk((imagesPerCamera * Cameras * BytesAnImage) + (512L << 20));
        var (kafka, mongodb) = (Machine.FreePort(), Machine.FreePort());
        (KafkaRelay, MongoDBRelay) = (new Relay(new(IPAddress.Loopback, kafka), new(Inner, kafka)), new Relay(new(IPAddress.Loopback, mongodb), new(Inner, mongodb)));
        BootstrapServers = $"127.0.0.1:{kafka}";
        (string, string) toKafka = ("ConnectionStrings__kafka", BootstrapServers);
        (string, string) toMongoDB = ("ConnectionStrings__image-database", $"mongodb://127.0.0.1:{mongodb}/image_database");
        Images = new MongoClient($"mongodb://{Inner}:{mongodb}").GetDatabase("image_database").GetCollection<BsonDocument>("image_data");
        LogPath = Path.Combine(Path.GetTempPath(), $"pipeline-chaos-{Environment.ProcessId}.log");
        _log = TextWriter.Synchronized(new StreamWriter(LogPath) { AutoFlush = true });

        Broker = new("Embedded/Embedded.Kafka", "broker", _log, isEndless: true,
            ["--listen", $"{Inner}:{kafka}", "--advertised.host", "127.0.0.1", "--data", Path.Combine(Disk.Path, "kafka"),
             "--min.free.bytes", $"{MinFreeMegabytes << 20}", "--auto.create.topics.enable", "false"]);
        Store = new("Embedded/Embedded.MongoDB", "store", _log, isEndless: true,
            ["--listen", $"{Inner}:{mongodb}", "--data", Path.Combine(Disk.Path, "mongodb"), "--min-free-mb", $"{MinFreeMegabytes}"]);
        Services =
        [
            new("Pipeline.Inference", "inference 1", _log, isEndless: true, [], toKafka),
            new("Pipeline.Inference", "inference 2", _log, isEndless: true, [], toKafka),
            new("Pipeline.DbConsumer", "db-consumer", _log, isEndless: true, [], toKafka, toMongoDB),
        ];
        Producer = new("Pipeline.Producer", "producer", _log, isEndless: false, [], toKafka,
            ("Cameras__Producers", $"{Cameras}"), ("Cameras__Images", imagesPerCamera.ToString(CultureInfo.InvariantCulture)), ("Cameras__Rate", "0"));
        _programs = [Producer, .. Services, Store, Broker];
    }

    public Disk Disk { get; }

    public Relay KafkaRelay { get; }

    public Relay MongoDBRelay { get; }

    public Supervised Broker { get; }

    public Supervised Store { get; }

    /// <summary>Never hurt: a camera that loses its battery loses what it did not send.</summary>
    public Supervised Producer { get; }

    public IReadOnlyList<Supervised> Services { get; }

    public string BootstrapServers { get; }

    /// <summary>On a connection of its own, which nothing breaks.</summary>
    public IMongoCollection<BsonDocument> Images { get; }

    /// <summary>What all of them wrote.</summary>
    public string LogPath { get; }

    public async Task<long> StoredAsync()
    {
        try
        {
            return await Images.CountDocumentsAsync(Builders<BsonDocument>.Filter.Exists("InferredValue") & Builders<BsonDocument>.Filter.Exists("Image"));
        }
        catch (Exception away) when (away is MongoException or TimeoutException)
        {
            return -1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs)
        {
            await program.DisposeAsync();
        }
        await KafkaRelay.DisposeAsync();
        await MongoDBRelay.DisposeAsync();
        Disk.Dispose();
        await _log.DisposeAsync();
    }
}
