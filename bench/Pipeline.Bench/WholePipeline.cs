using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

/// <summary>
/// The whole pipeline as a user starts it, beside the bare model loop on the same cores, in turn: the figure is the ratio, since machines are
/// noisy. Goal: at least half of the bare loop, and 4,000 images in under 5 s from the first sent to the last stored.
/// Arguments: images per camera (default 5,000; with 1,000 the services still compile themselves while they work), rounds (default 3).
/// </summary>
internal static partial class WholePipeline
{
    internal const int Cameras = 4;

    private static readonly string Folder = Path.Combine(Machine.RepositoryRoot, "Pipeline.AppHost");
    private static readonly string Program = Path.Combine(Folder, "bin", "Release", "net10.0", "Pipeline.AppHost");

    public static async Task RunAsync(string[] args)
    {
        var imagesPerCamera = args is [var images, ..] ? int.Parse(images, CultureInfo.InvariantCulture) : 5_000;
        var rounds = args is [_, var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 3;
        await BuildAsync();
        var ratios = new List<double>();
        for (var round = 1; round <= rounds; round++)
        {
            var bare = BareModel.ImagesPerSecond(TimeSpan.FromSeconds(4));
            var (seconds, line) = await RunPipelineAsync(imagesPerCamera);
            var pipeline = Cameras * imagesPerCamera / seconds;
            ratios.Add(pipeline / bare);
            Console.WriteLine(line);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round}: bare model {bare:N0} images/s, pipeline {pipeline:N0} images/s ({seconds:N2} s), ratio {pipeline / bare:N2}"));
        }

        ratios.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median ratio {ratios[ratios.Count / 2]:N2} (goal: at least 0.50)"));
    }

    internal static Task<(double Seconds, string Line)> RunPipelineAsync(int imagesPerCamera, params string[] options) =>
        RunPipelineAsync(imagesPerCamera, [], options);

    /// <param name="imagesPerCamera">Of each of the four.</param>
    /// <param name="environment">Variables for the AppHost, which its services inherit.</param>
    /// <param name="options">More options of the AppHost.</param>
    internal static async Task<(double Seconds, string Line)> RunPipelineAsync(int imagesPerCamera, (string Name, string Value)[] environment, string[] options)
    {
        string[] arguments =
        [
            "--Producers", $"{Cameras}", "--Images", $"{imagesPerCamera}", "--Rate", "0", "--Data", ":temp:", .. options,
        ];
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var host = Process.Start(start)!;
        try
        {
            using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(5));
            while (await host.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
            {
                if (DoneLine().Match(line) is { Success: true } done)
                {
                    return (double.Parse(done.Groups["seconds"].Value, CultureInfo.InvariantCulture), line);
                }
            }

            throw new InvalidOperationException("The AppHost ended before its images were stored; run it by hand to see why.");
        }
        finally
        {
            await StopAsync(host);
        }
    }

    internal static async Task BuildAsync()
    {
        using var build = Process.Start("dotnet", ["build", "-c", "Release", "-v", "quiet", "-nologo", Folder]);
        await build.WaitForExitAsync();
    }

    // Ctrl-C, as a person would: what the AppHost started stops with it.
    private static async Task StopAsync(Process host)
    {
        using (var interrupt = Process.Start("kill", ["-INT", $"{host.Id}"]))
        {
            await interrupt.WaitForExitAsync();
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await host.WaitForExitAsync(patience.Token);
    }

    [GeneratedRegex(@"^Done: .* in (?<seconds>[0-9.,]+) s")]
    private static partial Regex DoneLine();
}
