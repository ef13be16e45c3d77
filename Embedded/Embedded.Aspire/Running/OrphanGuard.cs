using System.Diagnostics;
using System.Globalization;

namespace Embedded.Aspire.Running;

/// <summary>
/// No child outlives the host, even when the host is killed with SIGKILL. Two guards, because each has a gap. On Linux the kernel
/// kills each child itself when the host dies (setpriv --pdeathsig), but not the child's own children. A watchdog, a shell in a
/// session of its own, reads the process ids from a pipe that only the host holds open; when the pipe ends it kills every process
/// group it knows, and removes the containers that the processes were clients of. It covers the rest of the tree, and systems without
/// setpriv.
/// </summary>
internal static class OrphanGuard
{
    private const string Watchdog =
        """
        trap '' HUP INT TERM
        all=
        while read -r op one; do
          left=
          for c in $all; do [ "${c%%:*}" = "${one%%:*}" ] || left="$left $c"; done
          [ "$op" = + ] && left="$left $one"
          all=$left
        done
        for c in $all; do
          kill -KILL "-${c%%:*}" 2>/dev/null; kill -KILL "${c%%:*}" 2>/dev/null
          case $c in *:*) box=${c#*:}; "${box%%:*}" rm -f "${box#*:}" >/dev/null 2>&1;; esac
        done
        """;

    private static readonly string? SetPriv = OperatingSystem.IsLinux() ? Programs.Find("setpriv") : null;
    private static readonly string? SetSid = OperatingSystem.IsWindows() ? null : Programs.Find("setsid");
    private static readonly SemaphoreSlim Gate = new(1);
    private static readonly Dictionary<int, string> Alive = [];
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

    public static Task AddAsync(int pid, (string Engine, string Name)? container = null) => TellAsync('+', pid, container);

    public static Task RemoveAsync(int pid) => TellAsync('-', pid, container: null);

    // One child is one word to the watchdog: 123, or 123:docker:cache-abcdefgh.
    private static async Task TellAsync(char op, int pid, (string Engine, string Name)? container)
    {
        if (OperatingSystem.IsWindows()) return;
        await Gate.WaitAsync();
        try
        {
            var word = container is var (engine, name) ? $"{pid}:{engine}:{name}" : pid.ToString(CultureInfo.InvariantCulture);
            if (op == '+') Alive[pid] = word;
            else Alive.Remove(pid);
            if (_watchdog is null || !await TryWriteAsync(_watchdog, $"{op} {word}"))
            {
                // The first one, or one in place of one that somebody killed: it has to learn of everybody.
                _watchdog?.Dispose();
                _watchdog = await StartWatchdogAsync();
                foreach (var alive in Alive.Values) await TryWriteAsync(_watchdog, $"+ {alive}");
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
