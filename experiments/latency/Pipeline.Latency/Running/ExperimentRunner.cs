using Pipeline.Latency.Results;
using Pipeline.Latency.Traces;
using static System.FormattableString;

namespace Pipeline.Latency.Running;

/// <summary>Makes the runs of an experiment and leaves their samples behind.</summary>
internal sealed class ExperimentRunner(LatencyOptions options, ProgressLine progress, TimeProvider time)
{
    /// <summary>Of each camera, to see how much the pipeline takes.</summary>
    private const int CapacityImages = 4_000;

    private readonly string _traces = Path.Combine(options.Directory, "traces");

    public async Task<Experiment> RunAsync(HostInformation host, IReadOnlyDictionary<string, string> versions, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        Directory.CreateDirectory(_traces);
        var capacity = options.CapacityShares.Length == 0 ? 0 : await CapacityAsync(cancellationToken);
        var plan = Plan.Of(options, capacity);
        var runs = new List<Run>();
        for (var i = 0; i < plan.Length; i++)
        {
            runs.Add(await progress.DuringAsync(RunAsync(plan[i], cancellationToken), plan, i));
            // What is measured so far can be reported on, should a later run fail.
            await Describe(started, host, versions, runs).WriteAsync(options.Directory);
        }

        if (!options.KeepTraces)
        {
            Directory.Delete(_traces, recursive: true);
        }

        return Describe(started, host, versions, runs);
    }

    private Experiment Describe(
        DateTimeOffset started, HostInformation host, IReadOnlyDictionary<string, string> versions, IReadOnlyList<Run> runs) => new()
        {
            Started = started,
            Profile = options.Profile.Name,
            Seed = options.Seed,
            Arrival = options.Arrival,
            Replicas = options.Replicas,
            CorrectClocks = options.CorrectClocks,
            Host = host,
            Versions = versions,
            Config = Pipelines.Default,
            Runs = runs,
        };

    private async Task<Run> RunAsync(PlannedRun planned, CancellationToken cancellationToken)
    {
        var traces = TraceFolderOf(planned.Name);
        var outcome = await new PipelineRun(
            planned.Producers, planned.RatePerProducer, planned.ImagesPerProducer, options.Replicas, traces,
            options.Arrival).RunAsync(cancellationToken);

        var run = new Run(planned.Producers, planned.RatePerProducer, planned.Repetition, planned.ImagesPerProducer, planned.WarmUpSeconds,
            outcome.Stored, SamplingP: 1, DroppedSpans: 0, Headless: 0, UnreadableLines: 0, $"samples-{planned.Name}.csv.gz");
        run = await TraceImport.ToSamplesAsync(run, TraceImport.Find(traces), options.Directory, cancellationToken);
        if (!options.KeepTraces)
        {
            Directory.Delete(traces, recursive: true);
        }

        return run;
    }

    /// <summary>Empty: what an earlier experiment left there is not of this run.</summary>
    private string TraceFolderOf(string run)
    {
        var folder = Path.Combine(_traces, run);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return Directory.CreateDirectory(folder).FullName;
    }

    /// <summary>Images a second that the pipeline takes when cameras do not wait.</summary>
    private async Task<double> CapacityAsync(CancellationToken cancellationToken)
    {
        progress.Say("Measuring how many images a second the pipeline takes.");
        var traces = TraceFolderOf("capacity");
        var outcome = await new PipelineRun(options.Producers.Max(), Rate: 0, CapacityImages, options.Replicas, traces, options.Arrival)
            .RunAsync(cancellationToken);
        Directory.Delete(traces, recursive: true);
        if (outcome.Stored is null)
        {
            throw new ExperimentException(
                "The pipeline did not finish the images that were to tell its capacity. Start it by hand to see why, or name rates with --rate.");
        }

        progress.Say(Invariant($"It takes {outcome.ImagesPerSecond:0} images a second."));
        return outcome.ImagesPerSecond;
    }
}
