using System.Diagnostics;
using System.Globalization;

/// <summary>
/// Faults at random moments while images run through the pipeline at full rate: kill -9, SIGSTOP and SIGTERM of any program, a full disk, broken
/// connections. At the end each image is stored once with the prediction of its own pixels, each bad record is a dead letter once, and nothing waits.
/// Arguments: images (default 100,000), rounds (default 20), seed (default: drawn, and printed).
/// </summary>
internal static class Chaos
{
    private const int BadRecordsARound = 5;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Without a document more for so long, it stands still.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<bool> RunAsync(string[] args)
    {
        var imagesPerCamera = Number(args, 0, 100_000) / ChaosPipeline.Cameras;
        var (images, rounds, seed) = (imagesPerCamera * ChaosPipeline.Cameras, Number(args, 1, 20), Number(args, 2, Random.Shared.Next(1_000_000)));
        var random = new Random(seed);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{images:N0} images, {rounds} rounds, seed {seed}"));

        await using var pipeline = new ChaosPipeline(imagesPerCamera);
        if (!pipeline.Disk.CanBeFull)
        {
            Console.WriteLine("No full disk among the faults: mounting a small file system needs Linux and root.");
        }
        Console.WriteLine($"log of all programs: {pipeline.LogPath}");
        using var bad = new BadRecords(pipeline.BootstrapServers);
        var clock = Stopwatch.StartNew();
        for (var round = 1; round <= rounds; round++)
        {
            await WaitForAsync(pipeline, (long)images * round / (rounds + 1));
            var fault = Fault.Draw(random, pipeline);
            var stored = await pipeline.StoredAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,6:N1} s  stored {stored,9:N0}  round {round,2}: {fault.Name}"));
            for (var i = 0; i < BadRecordsARound; i++)
            {
                bad.Send();
            }
            await fault.HappenAsync();
        }
        await WaitForAsync(pipeline, images);
        await pipeline.Producer.Ended;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,6:N1} s  all stored; starts: {string.Join(", ", pipeline.Services.Append(pipeline.Broker).Append(pipeline.Store).Select(program => $"{program.Name} {program.Starts}"))}"));

        var verdict = new Verdict(pipeline);
        await verdict.ReachAsync(images, await bad.PlacesAsync());
        return verdict.Problems.Count == 0;
    }

    private static async Task WaitForAsync(ChaosPipeline pipeline, long images)
    {
        var (seen, moved) = (-1L, Stopwatch.StartNew());
        for (var stored = await pipeline.StoredAsync(); stored < images; stored = await pipeline.StoredAsync())
        {
            if (stored > seen)
            {
                (seen, moved) = (stored, Stopwatch.StartNew());
            }
            if (moved.Elapsed > Patience)
            {
                throw new TimeoutException($"{seen:N0} images are stored, and for {Patience.TotalMinutes} minutes no further one; see {pipeline.LogPath}.");
            }
            await Task.Delay(Interval);
        }
    }

    private static int Number(string[] args, int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
}
