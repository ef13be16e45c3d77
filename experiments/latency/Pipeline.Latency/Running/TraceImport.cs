using Pipeline.Latency.Results;
using Pipeline.Latency.Traces;

namespace Pipeline.Latency.Running;

/// <summary>Turns trace files into the samples of a run.</summary>
internal static class TraceImport
{
    /// <summary>What services and Collectors call their files.</summary>
    private static readonly string[] Endings = [".jsonl", ".json"];

    /// <summary>All trace files of a folder, or those of a path whose last part may hold <c>*</c> and <c>?</c>, as rotated ones need.</summary>
    /// <exception cref="ExperimentException">There is none.</exception>
    public static string[] Find(string path)
    {
        var full = Path.GetFullPath(path);
        var found = Directory.Exists(full)
            ? Directory.EnumerateFiles(full).Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            : Directory.Exists(Path.GetDirectoryName(full)) ? Directory.EnumerateFiles(Path.GetDirectoryName(full)!, Path.GetFileName(full)) : [];
        string[] files = [.. found.Order(StringComparer.Ordinal)];
        return files.Length > 0
            ? files
            : throw new ExperimentException($"No trace file is at {path}. Name a folder of OTLP JSON-lines files, or files such as traces*.jsonl.");
    }

    /// <summary>Reads traces and writes the samples beside the other results.</summary>
    /// <returns>The run, with what the files told of it.</returns>
    public static async Task<Run> ToSamplesAsync(Run run, IEnumerable<string> files, string directory, CancellationToken cancellationToken)
    {
        var (images, read) = await ReadAsync(files, topics: null, cancellationToken);
        await SamplesFile.WriteAsync(Path.Combine(directory, run.Samples), run.Repetition, images.Samples);
        return read(run);
    }

    /// <summary>Reads the traces of a run that nobody described: its producers and their rate are seen from the images.</summary>
    /// <returns>The run, and when its first image was due, in Unix nanoseconds.</returns>
    public static async Task<(Run Run, long FirstDue)> ToUnknownRunAsync(
        IEnumerable<string> files, int number, double warmUpSeconds, double samplingP, IReadOnlyDictionary<string, string>? topics, string directory,
        CancellationToken cancellationToken)
    {
        var (images, read) = await ReadAsync(files, topics, cancellationToken);
        var cameras = images.Samples.GroupBy(image => image.ProducerId).ToArray();
        var name = FormattableString.Invariant($"samples-traces{number}.csv.gz");
        await SamplesFile.WriteAsync(Path.Combine(directory, name), repetition: 1, images.Samples);
        var run = read(new Run(cameras.Length, cameras.Select(RateOf).DefaultIfEmpty(0).Average(), Repetition: 1, ImagesPerProducer: 0, warmUpSeconds,
            Stored: null, samplingP, DroppedSpans: 0, Headless: 0, UnreadableLines: 0, name));
        return (run, images.Samples[0][Stamp.Scheduled]!.Value);
    }

    private static async Task<(AssembledImages Images, Func<Run, Run> Read)> ReadAsync(
        IEnumerable<string> files, IReadOnlyDictionary<string, string>? topics, CancellationToken cancellationToken)
    {
        var reader = new TraceReader();
        var assembler = new TraceAssembler(topics);
        await reader.ReadAsync(files, assembler.Add, cancellationToken);
        var images = assembler.Build();
        if (images.Samples.Count == 0)
        {
            throw new ExperimentException($"{string.Join(", ", files)} hold no trace of an image. Was the pipeline started with traces on, is this its file, and are its topics called so (--topics)?");
        }

        return (images, run => run with { DroppedSpans = reader.DroppedSpans, Headless = images.Headless, UnreadableLines = reader.UnreadableLines });
    }

    private static double RateOf(IGrouping<string, Sample> camera)
    {
        var seconds = (camera.Max(image => image[Stamp.Scheduled]!.Value) - camera.Min(image => image[Stamp.Scheduled]!.Value)) / 1e9;
        return seconds > 0 ? Math.Round((camera.Count() - 1) / seconds, 3) : 0;
    }
}
