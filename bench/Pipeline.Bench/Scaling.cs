using System.Globalization;

/// <summary>
/// Whether the pipeline grows with the machine, and whether it cares how many cameras send. First with 1, 2, 4 … of the machine's cores and as many
/// replicas of inference, or one: images/s, for each core, and beside the bare model on as many. Then the same number of images from one camera and
/// from four at full rate, and 1,000 a second of ten cameras and of a thousand. Goals: the same share of the bare model on every number of cores;
/// the cameras' shapes within 10 % of each other. Linux only. Arguments: images (default 30,000), rounds (default 3).
/// </summary>
internal static class Scaling
{
    private const int PerSecond = 1_000;

    public static async Task RunAsync(string[] args)
    {
        var images = args is [var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 30_000;
        var rounds = args is [_, var count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 3;
        await PipelineRun.BuildAsync();

        var medians = await MediansAsync(rounds, Machines(), machine => MachineAsync(machine, images));
        foreach (var (machine, (perSecond, ofBare)) in medians)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{machine}: median {perSecond:N0} images/s, {perSecond / machine.Count:N0} a core, {ofBare:N2} of the bare model"));
        }

        Cameras[] shapes = [new(1, 0), new(PipelineRun.Cameras, 0), new(10, PerSecond / 10), new(1_000, PerSecond / 1_000)];
        foreach (var (cameras, perSecond) in await MediansAsync(rounds, shapes, cameras => CamerasAsync(cameras, images)))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cameras}: median {perSecond:N0} images/s"));
        }
    }

    private static IEnumerable<Cores> Machines()
    {
        for (var cores = 1; cores <= Environment.ProcessorCount; cores *= 2)
        {
            yield return new(cores, 1);
            if (cores > 1)
            {
                yield return new(cores, cores);
            }
        }
    }

    private static async Task<(double PerSecond, double OfBare)> MachineAsync(Cores machine, int images)
    {
        var bare = BareModel.ImagesPerSecond(TimeSpan.FromSeconds(4), threads: machine.Count);
        var run = await PipelineRun.MeasureAsync(
            images / PipelineRun.Cameras, ["--InferenceReplicas", $"{machine.Replicas}"], cores: machine.Count);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{machine}: {run}; bare model {bare:N0} images/s"));
        return (run.PerSecond, run.PerSecond / bare);
    }

    private static async Task<double> CamerasAsync(Cameras cameras, int images)
    {
        var run = await PipelineRun.MeasureAsync(images / cameras.Count, ["--Rate", $"{cameras.Rate}"], cameras: cameras.Count);
        Console.WriteLine($"{cameras}: {run}");
        return run.PerSecond;
    }

    /// <summary>All in turn, round after round.</summary>
    private static async Task<List<(TCase Case, TFigure Median)>> MediansAsync<TCase, TFigure>(
        int rounds, IEnumerable<TCase> cases, Func<TCase, Task<TFigure>> measureAsync)
    {
        var measured = cases.Select(one => (Case: one, Runs: new List<TFigure>())).ToList();
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var (one, runs) in measured)
            {
                runs.Add(await measureAsync(one));
            }
        }
        return [.. measured.Select(one => (one.Case, one.Runs.Order().ElementAt(one.Runs.Count / 2)))];
    }

    private sealed record Cores(int Count, int Replicas)
    {
        public override string ToString() => $"{Count} core{(Count == 1 ? "" : "s")}, inference x {Replicas}";
    }

    /// <param name="Count">How many.</param>
    /// <param name="Rate">Images a second of each; 0: as fast as the broker takes them.</param>
    private sealed record Cameras(int Count, int Rate)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Count:N0} camera{(Count == 1 ? "" : "s")} at {(Rate == 0 ? "full rate" : $"{Rate}/s")}");
    }
}
