using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Pipeline.Latency.Results;
using static System.FormattableString;

namespace Pipeline.Latency.Running;

/// <summary>What the pipeline said at the end of a run.</summary>
/// <param name="Stored">Documents with predictions; null: it had not finished when its time was over.</param>
internal readonly record struct PipelineOutcome(long? Stored, double ImagesPerSecond);

/// <summary>The pipeline as a user starts it, with data that goes when it does.</summary>
/// <param name="program">The AppHost's own.</param>
internal sealed partial class PipelineProcess(string program)
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(2);

    /// <summary>After the last image was due; what is not stored by then counts as lost.</summary>
    private static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan StopWithin = TimeSpan.FromMinutes(1);

    /// <summary>The dashboard prunes the files that it has rotated; here each is a part of the result.</summary>
    private static readonly (string Variable, string Value) KeepAllTraceFiles = ("DASHBOARD__TELEMETRYFILE__MAXFILES", "1000");

    /// <summary>Lines of output kept to show when something goes wrong.</summary>
    private const int KeptLines = 20;

    /// <summary>Builds it as it should be measured.</summary>
    /// <exception cref="ExperimentException">It does not build.</exception>
    public static async Task<PipelineProcess> BuildAsync(string repositoryRoot, CancellationToken cancellation)
    {
        var folder = Path.Combine(repositoryRoot, "Pipeline.AppHost");
        var build = new ProcessStartInfo("dotnet", ["build", "-c", "Release", "-v", "quiet", "-nologo", folder]) { RedirectStandardOutput = true };
        using var dotnet = Process.Start(build)!;
        var output = await dotnet.StandardOutput.ReadToEndAsync(cancellation);
        await dotnet.WaitForExitAsync(cancellation);
        return dotnet.ExitCode == 0
            ? new PipelineProcess(Path.Combine(folder, "bin", "Release", "net10.0", "Pipeline.AppHost"))
            : throw new ExperimentException($"Pipeline.AppHost does not build:\n{output.Trim()}");
    }

    /// <summary>Starts the pipeline, waits until every image is stored, and stops it.</summary>
    /// <param name="producers">Cameras.</param>
    /// <param name="rate">Images per second and camera; 0: as fast as it goes.</param>
    /// <param name="images">Images of each camera.</param>
    /// <param name="replicas">Inference processes.</param>
    /// <param name="traceFile">Where the traces go.</param>
    /// <param name="arrival">One of <see cref="Arrivals"/>.</param>
    /// <param name="cancellation">Stops the pipeline, too.</param>
    public async Task<PipelineOutcome> RunAsync(int producers, double rate, int images, int replicas, string traceFile, string arrival, CancellationToken cancellation)
    {
        string[] arguments =
        [
            "--Producers", Invariant($"{producers}"), "--Rate", Invariant($"{rate}"), "--Images", Invariant($"{images}"),
            "--InferenceReplicas", Invariant($"{replicas}"), "--Data", ":temp:", "--Dashboard:Port", Invariant($"{FreePort()}"),
            "--Telemetry:File", traceFile, "--Telemetry:Sampling", "1", "--Echo", "true", "--Arrival", arrival,
        ];
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[KeepAllTraceFiles.Variable] = KeepAllTraceFiles.Value;
        using var host = Process.Start(start)!;
        var lines = new Queue<string>();
        var errors = KeepAsync(host.StandardError, lines, cancellation);
        try
        {
            return await WatchAsync(host, lines, rate == 0 ? TimeSpan.FromMinutes(5) : TimeSpan.FromSeconds(images / rate) + DrainWithin, cancellation);
        }
        finally
        {
            await StopAsync(host);
            await errors;
        }
    }

    /// <summary>Reads what it says until it is done or its time is over.</summary>
    private static async Task<PipelineOutcome> WatchAsync(Process host, Queue<string> lines, TimeSpan sending, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartWithin);
        var isSending = false;
        try
        {
            while (await host.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                Keep(line, lines);
                if (DoneLine().Match(line) is { Success: true } done)
                    return new PipelineOutcome((long)Number(done.Groups["stored"]), Number(done.Groups["rate"]));
                if (!isSending && ProducerLine().IsMatch(line))
                {
                    isSending = true;
                    limit.CancelAfter(sending);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && isSending)
        {
            return new PipelineOutcome(null, 0);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Failed($"The pipeline did not start within {StartWithin.TotalMinutes} minutes.", lines);
        }

        throw Failed("The pipeline ended before its images were stored.", lines);
    }

    /// <summary>Ctrl-C, as a person would, so that the services export their last spans and the file is complete.</summary>
    private static async Task StopAsync(Process host)
    {
        using var patience = new CancellationTokenSource(StopWithin);
        // What it still says must be read, or it would wait for a reader.
        var rest = host.StandardOutput.ReadToEndAsync(CancellationToken.None);
        try
        {
            if (!host.HasExited)
            {
                using var terminate = Process.Start("kill", ["-TERM", Invariant($"{host.Id}")]);
                await terminate.WaitForExitAsync(patience.Token);
            }

            await host.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            host.Kill(entireProcessTree: true);
        }

        await rest;
    }

    private static async Task KeepAsync(StreamReader output, Queue<string> lines, CancellationToken cancellation)
    {
        try
        {
            while (await output.ReadLineAsync(cancellation) is { } line)
                Keep(line, lines);
        }
        catch (OperationCanceledException)
        {
            // The experiment was stopped; nobody will ask for the lines.
        }
    }

    private static void Keep(string line, Queue<string> lines)
    {
        lock (lines)
        {
            lines.Enqueue(line);
            if (lines.Count > KeptLines)
                lines.Dequeue();
        }
    }

    private static ExperimentException Failed(string what, Queue<string> lines)
    {
        lock (lines)
            return new ExperimentException($"{what} Its last lines:\n  {string.Join("\n  ", lines)}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static double Number(Group group) => double.Parse(group.Value, NumberStyles.Number, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^Done: (?<stored>[0-9,]+) images stored .*\((?<rate>[0-9,.]+) images/s\)")]
    private static partial Regex DoneLine();

    [GeneratedRegex(@"^producer\s.*\sready in ")]
    private static partial Regex ProducerLine();
}
