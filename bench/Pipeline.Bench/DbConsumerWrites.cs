using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;
using MongoDB.Bson;
using MongoDB.Driver;
using Pipeline.Contracts;
using Pipeline.Contracts.Options;
using Pipeline.Contracts.Pixels;
using Pipeline.Contracts.Stored;
using Pipeline.DbConsumer;
using Pipeline.ServiceDefaults.Kafka;

/// <summary>
/// What DbConsumer does with records once it has them: parse, put together by image id, write, wait for the acknowledgement; against a
/// store in a process of its own. Both halves of an image in one batch, and each half in a batch of its own. No goal of its own: it must
/// stay far from being what limits the pipeline, which is the model.
/// </summary>
internal static class DbConsumerWrites
{
    private const int ImageCount = 20_000;
    private const int BatchImages = 500;
    private const string Protobuf = MessageEncoding.Protobuf;

    public static async Task RunAsync(string[] args)
    {
        var data = Directory.CreateTempSubdirectory("bench-db-consumer-");
        using var server = Process.Start(new ProcessStartInfo("dotnet",
            ["run", "-c", "Release", "--project", Path.Combine(Machine.RepositoryRoot, "Embedded", "Embedded.MongoDB"), "--", "--listen", "127.0.0.1:0", "--data", data.FullName])
        { RedirectStandardOutput = true })!;
        try
        {
            var line = await server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The store ended before it listened.");
            using var client = new MongoClient($"mongodb://{line["listening ".Length..]}");
            var database = client.GetDatabase("bench");
            await MeasureAsync(database, "warm-up", together: true);
            await MeasureAsync(database, "halves together", together: true);
            await MeasureAsync(database, "halves apart", together: false);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
            data.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(IMongoDatabase database, string name, bool together)
    {
        await database.DropCollectionAsync(StoredImage.Collection);
        var images = database.GetCollection<StoredImage>(StoredImage.Collection);
        var store = new ImageStore(images, new KeepOptions(), new StoreRetry(new StoreOptions(), TimeProvider.System, NullLogger<StoreRetry>.Instance), TimeProvider.System);
        await store.EnsureIndexesAsync(CancellationToken.None);
        var batches = Enumerable.Range(0, ImageCount).Select(Records).Chunk(BatchImages).ToArray();

        var cpuBefore = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        foreach (var batch in batches)
        {
            if (together)
            {
                await store.WriteAsync(Read(batch, true, true), CancellationToken.None);
            }
            else
            {
                await store.WriteAsync(Read(batch, true, false), CancellationToken.None);
                await store.WriteAsync(Read(batch, false, true), CancellationToken.None);
            }
        }
        clock.Stop();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime - cpuBefore;

        var stored = await images.CountDocumentsAsync(new BsonDocument("InferredValue", new BsonDocument("$exists", true)));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-16} {stored / clock.Elapsed.TotalSeconds,8:N0} images/s, {cpu.TotalMicroseconds / stored,6:N0} µs of our CPU per image, {stored} stored"));
    }

    private static List<ImageUpsert> Read((byte[] Image, byte[] Result)[] records, bool images, bool results)
    {
        var received = new Received(new ConsumeResult<byte[], byte[]> { Topic = StoredImage.Collection }, default);
        var record = new TakenRecord(received, new OpenBatch(new ConsumedBatch([received])));
        var pending = new PendingImages();
        foreach (var (image, result) in records)
        {
            if (images && CapturedImage.Parse(image, Protobuf, default).IsRead(out var captured, out _))
            {
                pending.TryAdd(captured, record);
            }
            if (results && InferenceResult.Parse(result, Protobuf, default).IsRead(out var inferred, out _))
            {
                pending.Add(inferred, record);
            }
        }
        return pending.TakeDue(DateTimeOffset.MaxValue);
    }

    private static (byte[] Image, byte[] Result) Records(int index)
    {
        var (id, at) = (Guid.CreateVersion7().ToString(), DateTimeOffset.UnixEpoch.AddMilliseconds(index));
        var pixels = new byte[Rgb24.ImageBytes];
        new Random(index).NextBytes(pixels);
        var image = CapturedImage.Of(id, $"camera-{index % 4}", Labels.All[index % 10], at, new Rgb24(Rgb24.ImageWidth, Rgb24.ImageHeight, pixels));
        var result = new InferenceResult
        {
            ImageId = id,
            ProducerId = image.ProducerId,
            GroundTruth = image.GroundTruth,
            InferredValue = Labels.All[index % 9],
            ImageDigest = ImageDigest.Of(image),
            Confidence = 0.9f,
            ModelName = "resnet20-cifar10",
            ModelVersion = "1",
            InferredAt = at,
        };
        return (image.Write(), result.Write());
    }
}
