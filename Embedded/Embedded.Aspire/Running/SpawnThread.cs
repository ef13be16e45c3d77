using System.Collections.Concurrent;
using System.Diagnostics;

namespace Embedded.Aspire.Running;

/// <summary>
/// Starts every child from one thread that lives as long as the process. On Linux a child's parent-death signal is tied to the
/// thread that made it: started from a pool thread, it would be killed whenever the pool shrinks.
/// </summary>
internal static class SpawnThread
{
    private static readonly BlockingCollection<Action> Work = Start();

    public static Task<Process> StartAsync(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try { started.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"'{start.FileName}' did not start.")); }
            catch (Exception e) { started.SetException(e); }
        });
        return started.Task;
    }

    private static BlockingCollection<Action> Start()
    {
        var work = new BlockingCollection<Action>();
        new Thread(() => { foreach (var item in work.GetConsumingEnumerable()) item(); }) { IsBackground = true, Name = "spawn" }.Start();
        return work;
    }
}
