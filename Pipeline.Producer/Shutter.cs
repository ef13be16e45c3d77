namespace Pipeline.Producer;

/// <summary>Wakes cameras at the instant their image is due, to a tenth of a millisecond; one thread does it for all.</summary>
/// <remarks>
/// .NET's timers count by the kernel's coarse clock, whose steps are 4 ms on many machines: as long as the whole rest of an image's
/// way to the database. A wait on a handle is exact but counts whole milliseconds, so the last part of one is waited out awake,
/// giving way to whoever needs the core.
/// </remarks>
internal sealed class Shutter : IDisposable
{
    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMilliseconds(1);

    private readonly PriorityQueue<TaskCompletionSource, DateTimeOffset> _waiting = new();
    private readonly AutoResetEvent _changed = new(initialState: false);
    private readonly TimeProvider _time;
    private readonly Thread _thread;
    private bool _ended;

    public Shutter(TimeProvider time)
    {
        _time = time;
        _thread = new Thread(Run) { IsBackground = true, Name = "shutter" };
        _thread.Start();
    }

    /// <summary>Completes when <paramref name="due"/> has come; at once if it has passed.</summary>
    /// <exception cref="OperationCanceledException">Cancelled first.</exception>
    public async Task WaitAsync(DateTimeOffset due, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (due <= _time.GetUtcNow())
            return;
        var woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cancelled = cancellation.Register(() => woken.TrySetCanceled(cancellation));
        lock (_waiting) _waiting.Enqueue(woken, due);
        _changed.Set();
        await woken.Task;
    }

    /// <summary>Ends the thread. Nobody may be waiting any more.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _ended, true);
        _changed.Set();
        _thread.Join();
        _changed.Dispose();
    }

    private void Run()
    {
        while (!Volatile.Read(ref _ended))
        {
            var wait = WakeWhoIsDue();
            if (wait is null)
                _changed.WaitOne();
            else if (wait >= ShortestSleep)
                _changed.WaitOne((int)Math.Min(wait.Value.TotalMilliseconds, int.MaxValue));
            else
                Thread.Yield();
        }
    }

    /// <returns>How long until the next is due; null when nobody waits.</returns>
    private TimeSpan? WakeWhoIsDue()
    {
        lock (_waiting)
        {
            while (_waiting.TryPeek(out var next, out var due))
            {
                if (due - _time.GetUtcNow() is var wait && wait > TimeSpan.Zero)
                    return wait;
                _waiting.Dequeue();
                next.TrySetResult();
            }
            return null;
        }
    }
}
