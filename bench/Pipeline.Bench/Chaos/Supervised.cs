using System.Diagnostics;

/// <summary>One program of the pipeline in a process of its own, which is started again whenever it ends, as a cluster would.</summary>
internal sealed class Supervised : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _ending = new();
    private readonly ProcessStartInfo _start;
    private readonly TextWriter _log;
    private readonly bool _isEndless;
    private readonly Task _running;
    private volatile Process? _process;

    /// <param name="project">Folder of the project in the repository.</param>
    /// <param name="name">What a person calls it.</param>
    /// <param name="log">Where its lines go; shared by all.</param>
    /// <param name="isEndless">False for what ends by itself, with code 0.</param>
    public Supervised(string project, string name, TextWriter log, bool isEndless, string[] arguments, params (string Name, string Value)[] settings)
    {
        (Name, _log) = (name, log);
        _isEndless = isEndless;
        var program = Path.GetFileName(project);
        var output = new DirectoryInfo(AppContext.BaseDirectory);                             // …/bin/Release/net10.0/
        var path = Path.Combine(Machine.RepositoryRoot, project, "bin", output.Parent!.Name, output.Name, program);
        _start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        _start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (key, value) in settings)
        {
            _start.Environment[key] = value;
        }
        _running = SuperviseAsync();
    }

    public string Name { get; }

    /// <summary>Times it was started.</summary>
    public int Starts { get; private set; }

    /// <summary>Completes when it has ended by itself.</summary>
    public Task Ended => _running;

    /// <summary>Sends a signal to whatever runs now.</summary>
    public void Send(string signal)
    {
        if (_process is { HasExited: false } process)
        {
            using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
            kill.WaitForExit();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Send("CONT");
        Send("TERM");
        try
        {
            await _running.WaitAsync(StopLimit);
        }
        catch (TimeoutException)
        {
            Send("KILL");
            await _running;
        }
        _ending.Dispose();
    }

    private async Task SuperviseAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            using var process = Process.Start(_start)!;
            (_process, Starts) = (process, Starts + 1);
            process.OutputDataReceived += (_, line) => Write(line.Data);
            process.ErrorDataReceived += (_, line) => Write(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await process.WaitForExitAsync();
            _process = null;
            if (!_isEndless && process.ExitCode == 0)
            {
                return;
            }
            await Task.Delay(Pause, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Write(string? line)
    {
        if (line is not null)
        {
            _log.WriteLine($"{DateTime.UtcNow:HH:mm:ss.fff} {Name}: {line}");
        }
    }
}
