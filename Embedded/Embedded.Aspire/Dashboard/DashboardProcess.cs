using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Embedded.Aspire.Running;

namespace Embedded.Aspire.Dashboard;

/// <summary>The process of the dashboard for as long as the application runs: started, started again when it crashes, stopped.</summary>
internal sealed class DashboardProcess(DashboardSettings settings, string program, string directory, ConsoleVoice voice)
{
    private const int TailLines = 12;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(6);    // it has telemetry to write to its file

    private readonly Queue<string> _tail = [];
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null while it does not run.</summary>
    public int? Id { get; private set; }

    /// <summary>Completes when pages and telemetry can be reached for the first time.</summary>
    public Task Listening => _listening.Task;

    /// <summary>Runs until the end is asked for.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        var plan = new LaunchPlan(Programs.DotNet, [program], directory, ResourceEnvironment.WithInherited(settings.Environment()));
        var backoff = new Backoff();
        while (!end.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            var child = await ChildProcess.StartAsync(plan, (line, _) => OnLine(line));
            Id = child.Id;
            try
            {
                await child.WaitForExitAsync(end);
                Id = null;
                await AgainAsync(child.ExitCode, backoff.Next(Stopwatch.GetElapsedTime(started)), end);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                await child.StopAsync(Grace);
            }
        }
    }

    private Task AgainAsync(int exitCode, TimeSpan delay, CancellationToken end)
    {
        string[] lastLines;
        lock (_tail) lastLines = [.. _tail];
        voice.Trouble(string.Create(
            CultureInfo.InvariantCulture,
            $"dashboard ended with exit code {exitCode}; starting it again in {delay.TotalSeconds:0.#} s. Its last lines:"), lastLines);
        return Task.Delay(delay, end);
    }

    private void OnLine(string line)
    {
        if (line.StartsWith("listening ", StringComparison.Ordinal) && _listening.TrySetResult())
            voice.Note($"Login to the dashboard at {settings.LoginUrl}");
        lock (_tail)
        {
            _tail.Enqueue(line);
            if (_tail.Count > TailLines) _tail.Dequeue();
        }
    }
}
