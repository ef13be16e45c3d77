namespace Pipeline.Latency.Results;

/// <summary>What was run, where and how: with the samples, all that a report is made from. Kept as <c>experiment.json</c>.</summary>
internal sealed record Experiment
{
    public const string FileName = "experiment.json";

    public required DateTimeOffset Started { get; init; }

    /// <summary>The profile's name, or <c>traces</c> for files that others wrote.</summary>
    public required string Profile { get; init; }

    public required int Seed { get; init; }

    /// <summary>How the images of several producers followed each other; one of <see cref="Arrivals"/>.</summary>
    public string Arrival { get; set; } = Arrivals.Uniform;

    /// <summary>Inference processes.</summary>
    public required int Replicas { get; init; }

    /// <summary>Whether inference's stamps are put on the producer's clock.</summary>
    public required bool CorrectClocks { get; init; }

    public required HostInformation Host { get; init; }

    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    public required PipelineConfiguration Config { get; init; }

    /// <summary>In the order in which they were made.</summary>
    public required IReadOnlyList<Run> Runs { get; init; }

    /// <exception cref="ExperimentException">There is none, or it is damaged.</exception>
    public static Task<Experiment> ReadAsync(string directory, CancellationToken cancellationToken) =>
        ResultJson.ReadAsync(Path.Combine(directory, FileName), ResultJson.Default.Experiment, cancellationToken);

    public async Task WriteAsync(string directory) =>
        await ResultJson.WriteAsync(Path.Combine(directory, FileName), this);
}

/// <summary>One start of the pipeline.</summary>
/// <param name="RatePerProducer">Images per second and camera.</param>
/// <param name="ImagesPerProducer">Images that each camera was told to send, those of the warm-up among them; 0: not known.</param>
/// <param name="WarmUpSeconds">Discarded at least.</param>
/// <param name="Stored">Documents with their predictions, by the pipeline's own count at the end; null: it did not finish, or is not known.</param>
/// <param name="SamplingP">Share of images that were traced.</param>
/// <param name="DroppedSpans">Spans that services say they could not export.</param>
/// <param name="Headless">Traces that do not say which image they are about.</param>
/// <param name="UnreadableLines">Lines of the trace files that were no JSON.</param>
/// <param name="Samples">The file with its images.</param>
internal sealed record Run(
    int Producers, double RatePerProducer, int Repetition, int ImagesPerProducer, double WarmUpSeconds, long? Stored, double SamplingP,
    long DroppedSpans, int Headless, int UnreadableLines, string Samples);

/// <param name="Pinned">Whether the load generator had cores of its own.</param>
internal sealed record HostInformation(string Cpu, int Cores, string Os, bool Containers, bool Pinned);

/// <summary>What the pipeline was set to.</summary>
internal sealed record PipelineConfiguration(
    string Model, string Precision, int Partitions, string Acks, double LingerMs, int MaxBatch, double MaxWaitMs, string WriteConcern);
