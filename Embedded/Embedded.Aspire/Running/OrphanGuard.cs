using System.Diagnostics;

namespace Embedded.Aspire.Running;

/// <summary>
/// No child outlives the host, even when the host is killed with SIGKILL. Two guards, because each has a gap. On Linux the kernel
/// kills each child itself when the host dies (setpriv --pdeathsig), but not the child's own children. A watchdog, a shell in a
/// session of its own, reads the process ids from a pipe that only the host holds open; when the pipe ends it kills every process
/// group it knows. It covers the rest of the tree, and systems without setpriv.
/// </summary>
internal static class OrphanGuard
{
    private const string Watchdog =
        """
        trap '' HUP INT TERM
        pids=
        while read -r op pid; do
          left=
          for p in $pids; do [ "$p" = "$pid" ] || left="$left $p"; done
          [ "$op" = + ] && left="$left $pid"
          pids=$left
        done
        for p in $pids; do kill -KILL "-$p" 2>/dev/null; kill -KILL "$p" 2>/dev/null; done
        """;

    private static readonly string? SetPriv = OperatingSystem.IsLinux() ? Programs.Find("setpriv") : null;
    private static readonly string? SetSid = OperatingSystem.IsWindows() ? null : Programs.Find("setsid");
    private static readonly SemaphoreSlim Gate = new(1);
    private static readonly HashSet<int> Alive = [];
    private static Process? _watchdog;

    /// <summary>
    /// Puts the guards before a command line. The child also gets a session of its own: Ctrl-C in the terminal then reaches the
    /// host alone, which stops its children in order.
    /// </summary>
    public static (string FileName, IEnumerable<string> Args) Wrap(string fileName, IEnumerable<string> args) => (SetPriv, SetSid) switch
    {
        ({ } setpriv, { } setsid) => (setpriv, ["--pdeathsig", "KILL", "--", setsid, fileName, .. args]),
        (null, { } setsid) => (setsid, [fileName, .. args]),
        _ => (fileName, args),
    };

    public static Task AddAsync(int pid) => TellAsync('+', pid);

    public static Task RemoveAsync(int pid) => TellAsync('-', pid);

    private static async Task TellAsync(char op, int pid)
    {
        if (OperatingSystem.IsWindows()) return;
        await Gate.WaitAsync();
        try
        {
            if (op == '+') Alive.Add(pid);
            else Alive.Remove(pid);
            if (_watchdog is null || !await TryWriteAsync(_watchdog, $"{op} {pid}"))
            {
                // The first one, or one in place of one that somebody killed: it has to learn of everybody.
                _watchdog?.Dispose();
                _watchdog = await StartWatchdogAsync();
                foreach (var alive in Alive) await TryWriteAsync(_watchdog, $"+ {alive}");
            }
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<bool> TryWriteAsync(Process watchdog, string line)
    {
        try
        {
            await watchdog.StandardInput.WriteLineAsync(line);
            await watchdog.StandardInput.FlushAsync();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Task<Process> StartWatchdogAsync()
    {
        var start = new ProcessStartInfo(SetSid ?? "/bin/sh") { RedirectStandardInput = true };
        if (SetSid is not null) start.ArgumentList.Add("/bin/sh");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Watchdog);
        return SpawnThread.StartAsync(start);
    }
}
