using System.Globalization;
using Pipeline.Contracts;
using Pipeline.Contracts.Pixels;
using Pipeline.Producer;

/// <summary>
/// Against what a user could write instead: tuned pipelines for Node and Python on the same broker, store, model and pictures, in turn with ours.
/// Linux only. Arguments: images at full rate (default 60,000), rounds (default 3), seconds of the latency run (default 30).
/// </summary>
internal static class Peers
{
    private const string Ours = "ours";

    private const int LatencyCameras = 5;
    private const int ImagesPerSecond = 20;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(string[] args)
    {
        var images = Number(args, 0, 60_000);
        var rounds = Number(args, 1, 3);
        var latencyImages = (Number(args, 2, 30) + (int)WarmUp.TotalSeconds) * ImagesPerSecond;
        var pictures = WritePictures();
        try
        {
            var runs = new Dictionary<string, Func<int, int, double, Task<PeerOutcome>>> { [Ours] = OurRun.MeasureAsync };
            foreach (var peer in Peer.All)
            {
                if (await peer.IsInstalledAsync())
                {
                    runs[peer.Name] = (cameras, count, rate) => PeerRun.MeasureAsync(peer, pictures, cameras, count, rate);
                }
                else
                {
                    Console.WriteLine($"{peer.Name} is left out: {peer.Remedy}.");
                }
            }

            await PipelineRun.BuildAsync();
            var results = runs.Keys.ToDictionary(name => name, _ => new List<Result>());
            for (var round = 1; round <= rounds; round++)
            {
                foreach (var (name, run) in runs)
                {
                    var full = await run(PipelineRun.Cameras, images / PipelineRun.Cameras, 0);
                    var timed = (await run(LatencyCameras, latencyImages, ImagesPerSecond)).Latencies(WarmUp);
                    results[name].Add(new(full, timed));
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"round {round}, {name}: {full.PerSecond:N0} images/s, accuracy {full.Accuracy:P2}; {timed.Length:N0} images timed, p50 {Quantile(timed, 0.5):N1} ms"));
                }
            }
            Print(results);
        }
        finally
        {
            File.Delete(pictures);
        }
    }

    /// <summary>The sample with sensor noise, several times over: a peer's cameras need add none.</summary>
    private static string WritePictures()
    {
        const int Copies = 4;
        string[] labels = [.. Labels.All];
        var sample = Cifar10.Load(Cifar10Folders.Sample);
        var noise = new SensorNoise(0.04, seed: 1);
        var noisy = new byte[Rgb24.ImageBytes];
        var path = Path.GetTempFileName();
        using var file = File.Create(path);
        for (var i = 0; i < Copies * sample.Count; i++)
        {
            var picture = i % sample.Count;
            noise.Add(sample.Pixels(picture), noisy);
            file.WriteByte((byte)Array.IndexOf(labels, sample.Label(picture)));
            file.Write(noisy);
        }
        return path;
    }

    private static void Print(Dictionary<string, List<Result>> results)
    {
        (string Head, Func<Result, double> Value, string Format)[] columns =
        [
            ("images/s", result => result.Full.PerSecond, "N0"),
            ("accuracy", result => result.Full.Accuracy, "P2"),
            ("own µs/image", result => result.Full.OwnMicroseconds, "N0"),
            ("broker µs", result => result.Full.BrokerMicroseconds, "N0"),
            ("store µs", result => result.Full.StoreMicroseconds, "N0"),
            ("page, console, dashboard µs", result => result.Full.AroundMicroseconds, "N0"),
            ("own MB", result => result.Full.OwnMegabytes, "N0"),
            ("page, console, dashboard MB", result => result.Full.AroundMegabytes, "N0"),
            ("p50 ms", result => Quantile(result.Timed, 0.50), "N1"),
            ("p95 ms", result => Quantile(result.Timed, 0.95), "N1"),
            ("p99 ms", result => Quantile(result.Timed, 0.99), "N1"),
        ];
        Console.WriteLine($"| | {string.Join(" | ", columns.Select(column => column.Head))} |");
        Console.WriteLine($"|---|{string.Concat(columns.Select(_ => "---|"))}");
        foreach (var (name, all) in results)
        {
            Console.WriteLine($"| {name} | {string.Join(" | ", columns.Select(column => Median(all, column.Value).ToString(column.Format, CultureInfo.InvariantCulture)))} |");
        }
        foreach (var (name, all) in results.Where(result => result.Key != Ours))
        {
            var perSecond = results[Ours].Zip(all, (ours, its) => ours.Full.PerSecond / its.Full.PerSecond).ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"ours / {name}: median ratio {Median(perSecond, ratio => ratio):N2} of images/s, {Median(results[Ours], columns[8].Value) / Median(all, columns[8].Value):N2} of p50"));
        }
        Console.WriteLine("""
            Medians of the rounds. Images/s from the first captured to the last stored, processor time from the first second in which one was stored
            to the last; latency from capture to the acknowledged document with the prediction, ours of the images that are traced (20 of 100 a second),
            a peer's of all. Ours is what `dotnet run -c Release` starts, with console, page and dashboard; a peer is its three programs.
            """);
    }

    private static double Quantile(double[] sorted, double p) => sorted.Length == 0 ? double.NaN : sorted[(int)Math.Round((sorted.Length - 1) * p)];

    private static double Median<T>(List<T> all, Func<T, double> value)
    {
        double[] sorted = [.. all.Select(value).Order()];
        return Quantile(sorted, 0.5);
    }

    private static int Number(string[] args, int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;

    /// <param name="Full">At full rate.</param>
    /// <param name="Timed">Latencies at a moderate one, ascending, in ms.</param>
    private sealed record Result(PeerOutcome Full, double[] Timed);
}
