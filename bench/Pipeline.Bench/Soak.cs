using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Numerics;
using ScottPlot;

/// <summary>
/// Whether anything grows but the data: the whole pipeline at half load for a while, and once a second the memory (mapped files apart), threads and open handles of
/// each program, the size of the data folder and the latency that analytics tells. Prints where each stood after a warm-up and at the end, with the
/// slope of memory, and plots memory and latency.
/// Linux only. Arguments: minutes (default 20), images a second in all (default 600), folder for the plot (default: here).
/// </summary>
internal static class Soak
{
    /// <summary>Code is compiled and pools are filled by then.</summary>
    private const double WarmUpShare = 0.25;

    private readonly record struct Sample(double Seconds, long Stored, Dictionary<string, ProcessSize> Sizes, long DiskBytes, Latency? Latency);

    private readonly record struct ProcessSize(long Bytes, int Threads, int Handles) : IAdditionOperators<ProcessSize, ProcessSize, ProcessSize>
    {
        public static ProcessSize operator +(ProcessSize left, ProcessSize right) =>
            new(left.Bytes + right.Bytes, left.Threads + right.Threads, left.Handles + right.Handles);
    }

    /// <summary>A point of <c>GET /api/timeline</c>: over ten seconds, from capture to the whole document; null while nothing is stored.</summary>
    private sealed record Latency(double? P50Ms, double? P99Ms);

    public static async Task RunAsync(string[] args)
    {
        var minutes = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 20;
        var perSecond = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 600;
        var output = Directory.CreateDirectory(args.Length > 2 ? args[2] : ".").FullName;
        var rate = perSecond / PipelineRun.Cameras;
        var data = Directory.CreateTempSubdirectory("pipeline-soak-").FullName;
        List<Sample> samples = [];
        var clock = Stopwatch.StartNew();
        try
        {
            await PipelineRun.BuildAsync();
            var run = await PipelineRun.MeasureAsync((int)(rate * 60 * minutes), ["--Rate", $"{rate}", "--Data", data], async running =>
                samples.Add(new(clock.Elapsed.TotalSeconds, running.Stored, SizesBelow(running.Host.Id),
                    new DirectoryInfo(data).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length),
                    (await running.Analytics.GetFromJsonAsync<Latency[]>("/api/timeline"))?.LastOrDefault())));
            Console.WriteLine(run);
            Print(samples);
            PlotMemory(samples, Path.Combine(output, "soak.svg"));
            PlotLatency(samples, Path.Combine(output, "soak-latency.svg"));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static Dictionary<string, ProcessSize> SizesBelow(int ancestor) =>
        ProcessAccount.ByProgram(ancestor, SizeOf);

    // A process may end while we look at it.
    private static ProcessSize SizeOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return new(OwnBytes(id), process.Threads.Count, Directory.GetFiles($"/proc/{id}/fd").Length);
        }
        catch (Exception ended) when (ended is ArgumentException or InvalidOperationException or IOException)
        {
            return default;
        }
    }

    /// <summary>Memory without mapped files: the store maps its data, which is to grow, and the kernel takes that back when it likes.</summary>
    private static long OwnBytes(int id)
    {
        var line = File.ReadLines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return line is null ? 0 : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static void Print(List<Sample> samples)
    {
        var (from, to) = (samples[(int)(samples.Count * WarmUpShare)], samples[^1]);
        var steady = samples.Where(sample => sample.Seconds >= from.Seconds).ToList();
        Console.WriteLine($"{"program",-28} {"MB",6} {"then",6} {"MB/h",7} {"threads",8} {"then",6} {"handles",8} {"then",6}");
        foreach (var name in to.Sizes.Keys.Order(StringComparer.Ordinal))
        {
            var (before, after) = (from.Sizes.GetValueOrDefault(name), to.Sizes[name]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-28} {before.Bytes >> 20,6} {after.Bytes >> 20,6} {MegabytesAnHour(steady, name),7:N0} {before.Threads,8} {after.Threads,6} {before.Handles,8} {after.Handles,6}"));
        }
        var p99 = steady.Select(sample => sample.Latency?.P99Ms).OfType<double>().ToList();
        var half = p99.Count / 2;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"p99 of ten seconds, ms: median {Median(p99[..half])} in the first half, {Median(p99[half..])} in the second; worst {p99.Max()}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"disk: {(double)(to.DiskBytes - from.DiskBytes) / (to.Stored - from.Stored):N0} bytes an image"));
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>Least squares over everything after the warm-up.</summary>
    private static double MegabytesAnHour(List<Sample> samples, string name)
    {
        var points = samples.Where(sample => sample.Sizes.ContainsKey(name))
            .Select(sample => (Hours: sample.Seconds / 3600, Megabytes: sample.Sizes[name].Bytes / 1048576d)).ToList();
        var (meanHours, meanMegabytes) = (points.Average(point => point.Hours), points.Average(point => point.Megabytes));
        return points.Sum(point => (point.Hours - meanHours) * (point.Megabytes - meanMegabytes)) / points.Sum(point => Math.Pow(point.Hours - meanHours, 2));
    }

    private static void PlotMemory(List<Sample> samples, string path)
    {
        using var plot = new Plot();
        foreach (var name in samples[^1].Sizes.Keys.Order(StringComparer.Ordinal))
        {
            AddLine(plot, name, samples, sample => sample.Sizes.TryGetValue(name, out var size) ? size.Bytes / 1048576d : null);
        }
        Save(plot, "MB in memory", path);
    }

    private static void PlotLatency(List<Sample> samples, string path)
    {
        using var plot = new Plot();
        AddLine(plot, "p50", samples, sample => sample.Latency?.P50Ms);
        AddLine(plot, "p99", samples, sample => sample.Latency?.P99Ms);
        Save(plot, "ms from capture to the whole document", path);
    }

    private static void AddLine(Plot plot, string name, List<Sample> samples, Func<Sample, double?> of)
    {
        var points = samples.Select(sample => (Minutes: sample.Seconds / 60, Value: of(sample))).Where(point => point.Value is not null).ToList();
        plot.Add.ScatterLine(points.Select(point => point.Minutes).ToArray(), points.Select(point => point.Value!.Value).ToArray()).LegendText = name;
    }

    private static void Save(Plot plot, string what, string path)
    {
        plot.XLabel("minutes");
        plot.YLabel(what);
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsY(0, plot.Axes.GetLimits().Top);
        plot.ShowLegend(Edge.Right);
        plot.SaveSvg(path, 1000, 500);
        Console.WriteLine($"Plot: {path}");
    }
}
