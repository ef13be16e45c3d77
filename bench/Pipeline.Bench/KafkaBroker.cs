using System.Diagnostics;

/// <summary>The broker as its users run it: the Release executable, in a process of its own, on an empty folder.</summary>
internal sealed class KafkaBroker : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("kafka-bench-");
    private readonly Process _process;

    private KafkaBroker(string[] options)
    {
        var program = Path.Combine(Machine.RepositoryRoot, "Embedded", "Embedded.Kafka", "bin", "Release", "net10.0", "Embedded.Kafka");
        _process = Process.Start(new ProcessStartInfo(program, ["--listen", "127.0.0.1:0", "--data", _data.FullName, "--num.partitions", "4", .. options])
        {
            RedirectStandardOutput = true,
            Environment = { ["KAFKA_LOG"] = "Warning" },
        })!;
    }

    /// <summary>HOST:PORT.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Processor time that the broker has used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <param name="options">More of the broker's settings, for example --flush.interval.ms -1.</param>
    public static async Task<KafkaBroker> StartAsync(params string[] options)
    {
        var broker = new KafkaBroker(options);
        var line = await broker._process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException("The broker ended at once; its message is above. Build it with -c Release.");
        broker.Address = line["listening ".Length..];
        return broker;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _data.Delete(recursive: true);
    }
}
