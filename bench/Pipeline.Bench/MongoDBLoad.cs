using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Embedded.MongoDB.Bson;
using Embedded.MongoDB.Wire;
using MongoDB.Bson;

/// <summary>
/// A MongoDB server in a process of its own and raw connections to it. Batches are encoded once and only their ids are
/// written anew, so that what is measured is the server and the wire, not the generator.
/// </summary>
internal sealed class MongoDBLoad : IAsyncDisposable
{
    public const int BatchCount = 1000;
    private const int IdBytes = 36;
    private const string Collection = "image_data";

    private readonly Process _server;
    private readonly string _folder;
    private readonly bool _keepsFolder;

    private MongoDBLoad(Process server, string folder, bool keepsFolder, int port) => (_server, _folder, _keepsFolder, Port) = (server, folder, keepsFolder, port);

    public int Port { get; }

    public TimeSpan ServerProcessorTime
    {
        get
        {
            _server.Refresh();
            return _server.TotalProcessorTime;
        }
    }

    public long ServerResidentBytes
    {
        get
        {
            _server.Refresh();
            return _server.WorkingSet64;
        }
    }

    /// <param name="folder">Where the data goes; null for a temporary folder that is deleted afterwards.</param>
    public static async Task<MongoDBLoad> StartAsync(string? folder)
    {
        var data = folder ?? Directory.CreateTempSubdirectory("mongodb-bench-").FullName;
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Embedded.MongoDB.exe" : "Embedded.MongoDB");
        var server = Process.Start(new ProcessStartInfo(program, ["--listen", "127.0.0.1:0", "--data", data]) { RedirectStandardOutput = true })!;
        var line = await server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the server did not start");
        return new(server, data, folder is not null, int.Parse(line[(line.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture));
    }

    public async ValueTask DisposeAsync()
    {
        _server.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
        if (!_keepsFolder)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    public long DiskBytes => Directory.EnumerateFiles(_folder).Sum(static file => new FileInfo(file).Length);

    /// <summary>Writes half a gigabyte beside the data and says how fast the disk took it.</summary>
    public async Task PrintDiskSpeedAsync()
    {
        const int megabytes = 512;
        var path = Path.Combine(_folder, "disk-speed");
        var block = new byte[1024 * 1024];
        var clock = Stopwatch.StartNew();
        await using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1))
        {
            for (var i = 0; i < megabytes; i++)
            {
                await file.WriteAsync(block);
            }

            file.Flush(flushToDisk: true);
        }

        File.Delete(path);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"disk: {megabytes / clock.Elapsed.TotalSeconds:F0} MB/s sequential with a sync at the end"));
    }

    /// <summary>Sends batches over a few connections and prints documents per second and batch times.</summary>
    /// <param name="label">What is measured.</param>
    /// <param name="documentCount">Documents in all.</param>
    /// <param name="connectionCount">Connections that share them.</param>
    /// <param name="makeChange">Writes the <c>u</c> of each statement.</param>
    /// <param name="isUpsert">Whether documents are made where they are missing.</param>
    /// <param name="orderOf">Which document comes at which place.</param>
    public async Task RunUpdatesAsync(
        string label, int documentCount, int connectionCount, Action<BsonWriter> makeChange, bool isUpsert, Func<int, int> orderOf)
    {
        var next = -BatchCount;
        var times = new List<double>();
        var processorTime = ServerProcessorTime;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, connectionCount).Select(_ => Task.Run(async () =>
        {
            await using var connection = await Connection.OpenAsync(Port);
            var (message, ids) = MakeBatch(makeChange, isUpsert);
            for (var first = Interlocked.Add(ref next, BatchCount); first < documentCount; first = Interlocked.Add(ref next, BatchCount))
            {
                for (var i = 0; i < BatchCount; i++)
                {
                    WriteId(message.AsSpan(ids[i], IdBytes), orderOf(first + i));
                }

                var started = Stopwatch.GetTimestamp();
                var reply = await connection.SendAsync(message);
                var time = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                CheckReply(reply.Span);
                lock (times)
                {
                    times.Add(time);
                }
            }
        })));

        var seconds = clock.Elapsed.TotalSeconds;
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{label}: {documentCount / seconds,8:F0} documents/s   batch p50 {times[times.Count / 2]:F0} ms, p99 {times[(int)(times.Count * 0.99)]:F0} ms   " +
            $"server {(ServerProcessorTime - processorTime).TotalMicroseconds / documentCount:F1} µs of processor a document, {ServerResidentBytes >> 20} MB resident, {DiskBytes >> 20} MB on disk"));
    }

    /// <summary>Runs one command and returns its reply.</summary>
    public async Task<(byte[] Reply, TimeSpan Time)> CommandAsync(Action<BsonWriter> write)
    {
        await using var connection = await Connection.OpenAsync(Port);
        using var buffer = new PooledBuffer();
        var start = OpMessage.Begin(buffer, 1, 0);
        var writer = new BsonWriter(buffer);
        var document = writer.BeginDocument();
        write(writer);
        writer.WriteString("$db"u8, "image_database");
        writer.EndDocument(document);
        OpMessage.End(buffer, start);
        var clock = Stopwatch.StartNew();
        var reply = await connection.SendAsync(buffer.WrittenMemory);
        return (reply.ToArray(), clock.Elapsed);
    }

    /// <summary>A document of the pipeline: the names of a camera and a class, two dates and 3,072 bytes of pixels.</summary>
    public static void WriteImage(BsonWriter writer)
    {
        var update = writer.BeginDocument("u"u8);
        var set = writer.BeginDocument("$set"u8);
        writer.WriteString("producer_id"u8, "camera-1");
        writer.WriteString("GroundTruth"u8, "ship");
        writer.WriteDateTime("CapturedAt"u8, 1_790_000_000_000);
        writer.WriteDateTime("StoredAt"u8, 1_790_000_000_100);
        var image = writer.BeginDocument("Image"u8);
        writer.WriteInt32("Width"u8, 32);
        writer.WriteInt32("Height"u8, 32);
        writer.WriteString("Format"u8, "rgb24");
        var pixels = new byte[3072];
        new Random(1).NextBytes(pixels);
        writer.WriteBinary("Data"u8, BsonBinarySubType.Binary, pixels);
        writer.EndDocument(image);
        writer.EndDocument(set);
        writer.EndDocument(update);
    }

    /// <summary>What the model saw.</summary>
    public static void WriteInference(BsonWriter writer)
    {
        var update = writer.BeginDocument("u"u8);
        var set = writer.BeginDocument("$set"u8);
        writer.WriteString("InferredValue"u8, "ship");
        writer.WriteDouble("Confidence"u8, 0.97);
        writer.EndDocument(set);
        writer.EndDocument(update);
    }

    private static (byte[] Message, int[] Ids) MakeBatch(Action<BsonWriter> makeChange, bool isUpsert)
    {
        using var buffer = new PooledBuffer();
        var ids = new int[BatchCount];
        var start = OpMessage.Begin(buffer, 1, 0);
        var writer = new BsonWriter(buffer);
        var body = writer.BeginDocument();
        writer.WriteString("update"u8, Collection);
        writer.WriteBoolean("ordered"u8, false);
        writer.WriteString("$db"u8, "image_database");
        writer.EndDocument(body);
        var sequence = OpMessage.BeginSequence(buffer, "updates");
        for (var i = 0; i < BatchCount; i++)
        {
            var statement = writer.BeginDocument();
            var query = writer.BeginDocument("q"u8);
            writer.WriteString("_id"u8, new string('0', IdBytes));
            ids[i] = buffer.Count - IdBytes - 1;
            writer.EndDocument(query);
            makeChange(writer);
            writer.WriteBoolean("upsert"u8, isUpsert);
            writer.EndDocument(statement);
        }

        OpMessage.EndSequence(buffer, sequence);
        OpMessage.End(buffer, start);
        return (buffer.WrittenSpan.ToArray(), ids);
    }

    /// <summary>The number as something like a UUIDv7: it counts up in front and scatters behind.</summary>
    private static void WriteId(Span<byte> id, int number)
    {
        var scattered = (ulong)number * 0x9E3779B97F4A7C15;
        number.TryFormat(id, out _, "x8", CultureInfo.InvariantCulture);
        "-0000-7000-8000-"u8.CopyTo(id[8..]);
        (scattered >> 16).TryFormat(id[24..], out _, "x12", CultureInfo.InvariantCulture);
    }

    private static void CheckReply(ReadOnlySpan<byte> reply)
    {
        if (reply.IndexOf("writeErrors"u8) >= 0 || reply.IndexOf("errmsg"u8) >= 0)
        {
            throw new InvalidOperationException("the server refused a batch: " + System.Text.Encoding.UTF8.GetString(reply));
        }
    }

    private sealed class Connection : IAsyncDisposable
    {
        private readonly NetworkStream _stream;
        private readonly FrameReader _frames;

        private Connection(NetworkStream stream) => (_stream, _frames) = (stream, new FrameReader(stream));

        public static async Task<Connection> OpenAsync(int port)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync("127.0.0.1", port);
            return new(new NetworkStream(socket, ownsSocket: true));
        }

        public async Task<ReadOnlyMemory<byte>> SendAsync(ReadOnlyMemory<byte> message)
        {
            await _stream.WriteAsync(message);
            return await _frames.ReadAsync(CancellationToken.None);
        }

        public async ValueTask DisposeAsync()
        {
            _frames.Dispose();
            await _stream.DisposeAsync();
        }
    }
}
