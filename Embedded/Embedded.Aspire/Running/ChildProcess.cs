using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Embedded.Aspire.Running;

/// <summary>What to start.</summary>
internal sealed record LaunchPlan(
    string FileName, IReadOnlyList<string> Args, string WorkingDirectory, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The container that the process is the client of, and its engine: it can outlive its client.</summary>
    public (string Engine, string Name)? Container { get; init; }
}

/// <summary>One process of a resource, from its start to its end.</summary>
internal sealed partial class ChildProcess
{
    private const int Sigterm = 15;
    private const int Sigkill = 9;
    private const int MaxLineChars = 16 * 1024;
    private static readonly TimeSpan PumpDeadline = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly (string Engine, string Name)? _container;
    private readonly Task _exited;

    private ChildProcess(Process process, LaunchPlan plan, Action<string, bool> onLine)
    {
        _process = process;
        _container = plan.Container;
        Id = process.Id;
        _exited = ObserveAsync(onLine);
    }

    public int Id { get; }

    /// <summary>The exit code; 128 + signal when a signal ended the process.</summary>
    public int ExitCode { get; private set; }

    public static async Task<ChildProcess> StartAsync(LaunchPlan plan, Action<string, bool> onLine)
    {
        var (fileName, args) = OrphanGuard.Wrap(plan.FileName, plan.Args);
        var start = new ProcessStartInfo(fileName, args)
        {
            WorkingDirectory = plan.WorkingDirectory,
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false, CreateNoWindow = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in plan.Environment) start.Environment[name] = value;

        var process = await SpawnThread.StartAsync(start);
        await OrphanGuard.AddAsync(process.Id, plan.Container);
        process.StandardInput.Close();                  // there is nobody to type
        return new ChildProcess(process, plan, onLine);
    }

    /// <summary>Completes when the process has ended and its output is read.</summary>
    public Task WaitForExitAsync(CancellationToken cancellation = default) => _exited.WaitAsync(cancellation);

    /// <summary>Asks the process to end, and ends it with everything it started when it has not done so in time.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        if (!_exited.IsCompleted && !OperatingSystem.IsWindows())
        {
            _ = Kill(Id, Sigterm);
            await Task.WhenAny(_exited, Task.Delay(grace));
        }
        KillTree();
        if (_container is var (engine, name)) await ContainerEngine.RemoveAsync(engine, name);
        await _exited;
    }

    // The process leads a group of its own where setsid exists; elsewhere .NET walks the tree.
    private void KillTree()
    {
        if (!OperatingSystem.IsWindows()) _ = Kill(-Id, Sigkill);
        if (_exited.IsCompleted) return;
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or AggregateException or System.ComponentModel.Win32Exception)
        {
            // It ended by itself meanwhile.
        }
    }

    private async Task ObserveAsync(Action<string, bool> onLine)
    {
        var pumps = Task.WhenAll(
            PumpAsync(_process.StandardOutput, onLine, isError: false),
            PumpAsync(_process.StandardError, onLine, isError: true));
        // Not Process.WaitForExitAsync(): that waits for the pipes too, and a grandchild can hold them open.
        var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.Exited += (_, _) => exited.TrySetResult();
        _process.EnableRaisingEvents = true;
        await exited.Task;
        ExitCode = _process.ExitCode;
        await Task.WhenAny(pumps, Task.Delay(PumpDeadline));
        await OrphanGuard.RemoveAsync(Id);
        _process.Dispose();
        await pumps;
    }

    // Line by line, and a line that never ends is cut.
    private static async Task PumpAsync(StreamReader reader, Action<string, bool> onLine, bool isError)
    {
        var buffer = new char[4096];
        var line = new StringBuilder();
        void Flush()
        {
            if (line.Length > 0 && line[^1] == '\r') line.Length--;
            onLine(line.ToString(), isError);
            line.Clear();
        }
        try
        {
            int read;
            while ((read = await reader.ReadAsync(buffer)) > 0)
            {
                foreach (var c in buffer.AsMemory(0, read).ToArray())
                {
                    if (c == '\n') Flush();
                    else if (line.Append(c).Length >= MaxLineChars) Flush();
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process is gone and a grandchild still held the pipe.
        }
        if (line.Length > 0) Flush();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
