using System.CommandLine;
using System.Globalization;
using Pipeline.Latency.Plots;
using Pipeline.Latency.Reporting;
using Pipeline.Latency.Results;
using Pipeline.Latency.Running;
using Pipeline.Latency.Traces;

namespace Pipeline.Latency;

/// <summary>The experiment as a command: its options, and what each way of using it does.</summary>
public static class LatencyCommand
{
    private const int AssertionFailed = 1;
    private const int CannotGoOn = 2;

    private static readonly Option<string> ProfileOption = new("--profile")
    {
        Description = "What to measure. " + string.Join("; ", Profile.All.Select(profile => $"{profile.Name}: {profile.What}")),
        DefaultValueFactory = _ => Profile.Default.Name,
    };

    private static readonly Option<string?> ProducersOption = new("--producers") { Description = "Numbers of producers, such as 3, 1,2,5 or 1-5" };
    private static readonly Option<string?> RateOption = new("--rate") { Description = "Images per second and producer, such as 20 or 1,10,50" };
    private static readonly Option<string> ArrivalOption = new("--arrival")
    {
        Description =
            "How the images of several producers follow each other: uniform (evenly, out of step), aligned (all at once) or poisson (at random)",
        DefaultValueFactory = _ => Arrivals.All[0],
    };

    private static readonly Option<int?> ImagesOption =
        new("--images") { Description = "Images of each producer that are measured, beside those of the warm-up" };
    private static readonly Option<int?> RepetitionsOption = new("--repetitions") { Description = "Runs of each cell" };
    private static readonly Option<double?> WarmUpOption =
        new("--warm-up") { Description = "Seconds that are sent first and not measured, 10 or more" };
    private static readonly Option<int> ReplicasOption = new("--replicas") { Description = "Inference processes", DefaultValueFactory = _ => 1 };
    private static readonly Option<int> SeedOption =
        new("--seed") { Description = "For the order of the runs and the intervals", DefaultValueFactory = _ => 1 };
    private static readonly Option<string?> OutOption = new("--out") { Description = "Folder for the results [default: artifacts/latency/PROFILE]" };
    private static readonly Option<bool> KeepSamplesOption = new("--keep-samples")
    {
        Description = "Keep every image's instants too, from which --report-only computes all figures anew",
    };

    private static readonly Option<bool> KeepTracesOption = new("--keep-traces") { Description = "Keep the trace files too, about 16 KB an image" };
    private static readonly Option<string[]> TracesOption = new("--traces")
    {
        Description = "Measure nothing; read OTLP JSON-lines files that services or a Collector wrote: folders, or files such as traces*.jsonl, a cell for each",
    };

    private static readonly Option<double> SamplingOption =
        new("--sampling") { Description = "With --traces: the share of images that was traced", DefaultValueFactory = _ => 1 };
    private static readonly Option<string> TopicsOption = new("--topics")
    {
        Description = "With --traces: the names of the topics of images and of predictions",
        DefaultValueFactory = _ => string.Join(',', SpanTable.Topics),
    };

    private static readonly Option<string?> ReportOnlyOption =
        new("--report-only") { Description = "Measure nothing; make report and plots anew from a folder of results" };
    private static readonly Option<bool> CorrectClocksOption =
        new("--correct-clocks") { Description = "Put inference's stamps on the producer's clock, for several hosts" };
    private static readonly Option<string[]> AssertOption =
        new("--assert") { Description = "Exit with 1 unless every cell keeps a limit in ms, such as \"stored.p95<50\"" };

    /// <summary>Runs the experiment.</summary>
    /// <returns>The exit status: 0; 1 when a limit was not kept; 2 when it could not go on.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var command = new RootCommand("How long from the camera to the prediction, and where does the time go?")
        {
            ProfileOption, ProducersOption, RateOption, ArrivalOption, ImagesOption, RepetitionsOption, WarmUpOption, ReplicasOption, SeedOption,
            OutOption,
            KeepSamplesOption, KeepTracesOption, TracesOption, SamplingOption, TopicsOption, ReportOnlyOption, CorrectClocksOption, AssertOption,
        };
        command.SetAction(RunAsync);
        // On Ctrl-C the pipeline is stopped first, which takes its time.
        return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        try
        {
            Assertion[] assertions = [.. (parsed.GetValue(AssertOption) ?? []).Select(Assertion.Parse)];
            var directory = await SamplesAsync(parsed, cancellationToken);
            var result = await ReportWriter.WriteAsync(directory, parsed.GetValue(CorrectClocksOption), cancellationToken);
            if (parsed.GetValue(ReportOnlyOption) is null && !parsed.GetValue(KeepSamplesOption))
            {
                await ReportWriter.RemoveSamplesAsync(directory, cancellationToken);
            }

            if (!Picture.HasFonts)
            {
                await Console.Error.WriteLineAsync(
                    "The plots have no words: no font is installed (on Debian: apt-get install fonts-dejavu-core; then --report-only draws them again).");
            }

            Show(result, directory);
            string[] broken = [.. assertions.Select(assertion => assertion.Check(result)).OfType<string>()];
            foreach (var problem in broken)
            {
                await Console.Error.WriteLineAsync(problem);
            }

            return broken.Length == 0 ? 0 : AssertionFailed;
        }
        catch (ExperimentException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return CannotGoOn;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped. What was measured before can be reported with --report-only.");
            return CannotGoOn;
        }
    }

    /// <summary>Gets samples in one of three ways.</summary>
    /// <returns>The folder that they are in.</returns>
    private static async Task<string> SamplesAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(ReportOnlyOption) is { } measured)
        {
            return measured;
        }

        if (parsed.GetValue(TracesOption) is { Length: > 0 } patterns)
        {
            return await ImportAsync(parsed, patterns, cancellationToken);
        }

        var root = Hosts.RepositoryRoot();
        var options = OptionsOf(parsed, root);
        if (!PipelineRun.IsOptimised)
        {
            throw new ExperimentException(
                "This build is not optimised, so its figures would say nothing: dotnet run -c Release experiments/latency/latency.cs");
        }

        Directory.CreateDirectory(options.Directory);
        var console = Console.Out;
        var progress = new ProgressLine(console, !Console.IsOutputRedirected, TimeProvider.System);
        using var said = new LastLines();
        Console.SetOut(said);                                // the AppHost runs in this process, and has a progress line of its own
        try
        {
            var experiment = await new ExperimentRunner(options, progress, TimeProvider.System)
                .RunAsync(Hosts.ThisOne, await Pipelines.VersionsAsync(root, cancellationToken), cancellationToken);
            progress.Say(FormattableString.Invariant($"{experiment.Runs.Count} runs made; writing the report."));
        }
        catch (ExperimentException exception)
        {
            throw new ExperimentException($"{exception.Message} The AppHost's last lines:\n{said}");
        }
        finally
        {
            Console.SetOut(console);
        }

        return options.Directory;
    }

    private static async Task<string> ImportAsync(ParseResult parsed, string[] patterns, CancellationToken cancellationToken)
    {
        var directory = Path.GetFullPath(parsed.GetValue(OutOption) ?? Path.Combine("artifacts", "latency", "traces"));
        Directory.CreateDirectory(directory);
        var topics = TopicsOf(parsed.GetValue(TopicsOption)!);
        var runs = new List<(Run Run, long FirstDue)>();
        foreach (var pattern in patterns)
        {
            runs.Add(await TraceImport.ToUnknownRunAsync(
                TraceImport.Find(pattern), runs.Count + 1, parsed.GetValue(WarmUpOption) ?? 0, parsed.GetValue(SamplingOption), topics, directory,
                cancellationToken));
        }

        await new Experiment
        {
            Started = DateTimeOffset.UnixEpoch.AddTicks(runs.Min(run => run.FirstDue) / 100),
            Profile = "traces",
            Seed = parsed.GetValue(SeedOption),
            Replicas = parsed.GetValue(ReplicasOption),
            CorrectClocks = parsed.GetValue(CorrectClocksOption),
            Host = Hosts.NotRecorded,
            Versions = new Dictionary<string, string>(),
            Config = Pipelines.Default,
            Runs = [.. runs.Select(run => run.Run)],
        }.WriteAsync(directory);
        return directory;
    }

    private static Dictionary<string, string> TopicsOf(string text) => text.Split(',') is { Length: 2 } names && names[0] != names[1]
        ? names.Zip(SpanTable.Topics).ToDictionary(name => name.First, name => name.Second)
        : throw new ExperimentException($"--topics is '{text}'; it must be two names, such as {string.Join(',', SpanTable.Topics)}.");

    private static LatencyOptions OptionsOf(ParseResult parsed, string repositoryRoot)
    {
        var name = parsed.GetValue(ProfileOption);
        var profile = Array.Find(Profile.All, known => known.Name == name)
            ?? throw new ExperimentException(
                $"--profile is '{name}'; it must be one of {string.Join(", ", Profile.All.Select(known => known.Name))}.");
        var rates = parsed.GetValue(RateOption);
        var arrival = parsed.GetValue(ArrivalOption)!;
        if (!Arrivals.All.Contains(arrival))
        {
            throw new ExperimentException($"--arrival is '{arrival}'; it must be one of {string.Join(", ", Arrivals.All)}.");
        }

        return new LatencyOptions
        {
            Profile = profile,
            Producers = parsed.GetValue(ProducersOption) is { } producers ? Numbers.Whole("--producers", producers, 1, 1_000) : profile.Producers,
            Rates = rates is not null ? Numbers.Positive("--rate", rates) : profile.Rates,
            CapacityShares = rates is null ? profile.CapacityShares : [],
            Arrival = arrival,
            Images = Numbers.InRange("--images", parsed.GetValue(ImagesOption), 1, 1_000_000),
            WarmUpSeconds = Numbers.InRange("--warm-up", parsed.GetValue(WarmUpOption), 10, 600) ?? profile.WarmUpSeconds,
            Repetitions = Numbers.InRange("--repetitions", parsed.GetValue(RepetitionsOption), 1, 100) ?? profile.Repetitions,
            Replicas = Numbers.InRange("--replicas", (int?)parsed.GetValue(ReplicasOption), 1, 64)!.Value,
            Seed = parsed.GetValue(SeedOption),
            CorrectClocks = parsed.GetValue(CorrectClocksOption),
            Directory = Path.GetFullPath(parsed.GetValue(OutOption) ?? Path.Combine(repositoryRoot, "artifacts", "latency", profile.Name)),
            KeepTraces = parsed.GetValue(KeepTracesOption),
        };
    }

    private static void Show(LatencyResult result, string directory)
    {
        foreach (var cell in result.Cells)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{cell.Producers} × {cell.RatePerProducer:0.###}/s  n {cell.N:#,0}  lost {cell.Lost}  {Line(EndPoint.Predicted, cell.Endpoint.Predicted)}{Line(EndPoint.Stored, cell.Endpoint.Stored)}{string.Join(' ', cell.Flags)}"));
        }

        Console.WriteLine($"Report: {Path.Combine(directory, MarkdownReport.FileName)}");
    }

    private static string Line(EndPoint endPoint, Distribution? distribution) => distribution is null ? "" :
        $"{endPoint.Name} p50 {Table.Ms(distribution.P50)} p90 {Table.Ms(distribution.P90?.V)} p95 {Table.Ms(distribution.P95?.V)} p99 {Table.Ms(distribution.P99?.V)} ms  ";
}
