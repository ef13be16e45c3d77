using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

/// <summary>
/// The whole pipeline as a user starts it, beside the bare model loop on the same cores, in turn: the figure is the ratio, since machines are
/// noisy. Goal: at least half of the bare loop, and 4,000 images in under 5 s from the first sent to the last stored.
/// </summary>
internal static partial class WholePipeline
{
    private const int Cameras = 4;
    private const int ImagesPerCamera = 1_000;

    public static async Task RunAsync(string[] args)
    {
        var rounds = args is [var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 3;
        var ratios = new List<double>();
        for (var round = 1; round <= rounds; round++)
        {
            var bare = BareModel.ImagesPerSecond(TimeSpan.FromSeconds(4));
            var (seconds, line) = await RunPipelineAsync();
            var pipeline = Cameras * ImagesPerCamera / seconds;
            ratios.Add(pipeline / bare);
            Console.WriteLine(line);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round}: bare model {bare:N0} images/s, pipeline {pipeline:N0} images/s ({seconds:N2} s), ratio {pipeline / bare:N2}"));
        }

        ratios.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median ratio {ratios[ratios.Count / 2]:N2} (goal: at least 0.50)"));
    }

    private static async Task<(double Seconds, string Line)> RunPipelineAsync()
    {
        string[] arguments =
        [
            "run", "-c", "Release", "--project", Path.Combine(Machine.RepositoryRoot, "Pipeline.AppHost"), "--",
            "--Producers", $"{Cameras}", "--Images", $"{ImagesPerCamera}", "--Rate", "0", "--Data", ":temp:",
        ];
        using var host = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
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
