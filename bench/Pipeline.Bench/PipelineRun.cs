using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

/// <summary>
/// The whole pipeline as <c>dotnet run -c Release</c> starts it, dashboard included, on free ports and a throw-away folder; analytics says how
/// far it is.
/// </summary>
internal static class PipelineRun
{
    public const int Cameras = 4;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(40);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private static readonly string Folder = Path.Combine(Machine.RepositoryRoot, "Pipeline.AppHost");
    private static readonly string Program = Path.Combine(Folder, "bin", "Release", "net10.0", "Pipeline.AppHost");

    /// <summary>Builds the AppHost and all that it starts.</summary>
    public static async Task BuildAsync()
    {
        using var build = Process.Start("dotnet", ["build", "-c", "Release", "-v", "quiet", "-nologo", Folder]);
        await build.WaitForExitAsync();
        if (build.ExitCode != 0)
        {
            throw new InvalidOperationException("The AppHost does not build.");
        }
    }

    /// <summary>Runs until every image is stored with its prediction, or dead-lettered.</summary>
    /// <param name="imagesPerCamera">Of each, as fast as the broker takes them.</param>
    /// <param name="options">More options of the AppHost.</param>
    /// <param name="cameras">How many.</param>
    /// <param name="cores">So many of the machine's cores alone; null: all.</param>
    /// <param name="environment">Variables for the AppHost and what it starts.</param>
    /// <param name="watch">Called once a second.</param>
    public static async Task<Result> MeasureAsync(
        int imagesPerCamera, string[]? options = null, Func<Running, Task>? watch = null, int cameras = Cameras, int? cores = null,
        params (string Name, string Value)[] environment)
    {
        var page = $"{Machine.FreePort()}";
        string[] program = cores is { } count ? ["taskset", "-c", $"0-{count - 1}", Program] : [Program];
        var start = new ProcessStartInfo(program[0],
        [
            .. program[1..], "--Producers", $"{cameras}", "--Images", $"{imagesPerCamera}", "--Rate", "0", "--Data", ":temp:",
            "--Analytics:Port", page, "--Dashboard:Port", $"{Machine.FreePort()}", .. options ?? [],
        ])
        {
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in LaunchProfile().Concat(environment))
        {
            start.Environment[name] = value;
        }

        using var host = Process.Start(start)!;
        var output = host.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        try
        {
            return await StoredAsync(host, page, cameras * imagesPerCamera, watch);
        }
        finally
        {
            await StopAsync(host);
            await output;
        }
    }

    // What `dotnet run` sets.
    private static IEnumerable<(string Name, string Value)> LaunchProfile()
    {
        using var settings = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "Properties", "launchSettings.json")));
        var profile = settings.RootElement.GetProperty("profiles").EnumerateObject().First().Value;
        return [.. profile.GetProperty("environmentVariables").EnumerateObject().Select(variable => (variable.Name, variable.Value.GetString()!))];
    }

    private static async Task<Result> StoredAsync(Process host, string port, int images, Func<Running, Task>? watch)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(10) };
        using var timer = new PeriodicTimer(Interval);
        var clock = Stopwatch.StartNew();
        Progress? seen = null;
        while (await timer.WaitForNextTickAsync())
        {
            if (host.HasExited)
            {
                throw new InvalidOperationException($"The AppHost ended with code {host.ExitCode} before its images were stored; run it by hand to see why.");
            }

            if (clock.Elapsed > Limit)
            {
                throw new TimeoutException($"{images:N0} images were not stored within {Limit}; seen last: {seen?.ToString() ?? "no answer of analytics"}.");
            }

            seen = await AskAsync(http) ?? seen;
            if (seen is { Stored: > 0 })
            {
                await (watch?.Invoke(new(host, http, seen.Stored)) ?? Task.CompletedTask);
            }
            if (seen is { FirstCapturedAt: { } first, LastStoredAt: { } last } && Math.Min(seen.Inferred, seen.Stored) + seen.DeadLettered >= images)
            {
                return new(images, (last - first).TotalSeconds, seen.AccuracyPercent / 100, seen.DeadLettered);
            }
        }

        throw new UnreachableException();
    }

    // Nobody answers until analytics runs.
    private static async Task<Progress?> AskAsync(HttpClient http)
    {
        try
        {
            return await http.GetFromJsonAsync<Progress>("/api/progress");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    // What the AppHost started stops with it. Not as Ctrl-C: what a shell starts in the background does not hear that.
    private static async Task StopAsync(Process host)
    {
        using var patience = new CancellationTokenSource(StopLimit);
        try
        {
            using var terminate = Process.Start("kill", ["-TERM", $"{host.Id}"]);
            await terminate.WaitForExitAsync(patience.Token);
            await host.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            host.Kill(entireProcessTree: true);
            throw new TimeoutException($"The AppHost did not stop within {StopLimit}.");
        }
    }

    /// <param name="Host">The AppHost, ancestor of all others.</param>
    /// <param name="Analytics">Asks analytics.</param>
    /// <param name="Stored">Images so far.</param>
    public sealed record Running(Process Host, HttpClient Analytics, long Stored);

    /// <param name="Images">All cameras together.</param>
    /// <param name="Seconds">From the first image sent to the last one stored.</param>
    /// <param name="Accuracy">Share of right predictions.</param>
    /// <param name="DeadLettered">How many of the images could not be used.</param>
    public sealed record Result(int Images, double Seconds, double? Accuracy, long DeadLettered)
    {
        public double PerSecond => Images / Seconds;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Images:N0} images in {Seconds:N2} s: {PerSecond:N0} images/s, accuracy {Accuracy:P2}{(DeadLettered > 0 ? $", {DeadLettered:N0} dead letters" : "")}");
    }

    /// <summary>What <c>GET /api/progress</c> of Pipeline.Analytics answers.</summary>
    private sealed record Progress(
        long Sent, long Inferred, long Stored, long DeadLettered, double? AccuracyPercent, DateTimeOffset? FirstCapturedAt, DateTimeOffset? LastStoredAt);
}
