namespace Pipeline.Producer;

/// <summary>
/// Wakes cameras at the instant their image is due, to a tenth of a millisecond. One thread does it for all, and takes their pictures, too: handing
/// each to another thread would cost as much as taking it, and be late where cores are busy.
/// </summary>
/// <remarks>
/// .NET's timers count by the kernel's coarse clock, whose steps are 4 ms on many machines: as long as the whole rest of an image's
/// way to the database. A wait on a handle is exact but counts whole milliseconds, so the last part of one is slept out with the
/// system's own call, and the microseconds that such a sleep is late by are waited out awake. To wait awake for longer, giving way
/// to others, would be late where cores are busy: who gives way comes after all of them.
/// </remarks>
internal sealed class Shutter : IDisposable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    /// <summary>How late an image may be that somebody asks for while the thread sleeps for a later one.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMilliseconds(0.25);

    /// <summary>Linux lets a sleep end up to 50 µs late; waking takes the rest.</summary>
    private static readonly TimeSpan LateWaking = TimeSpan.FromMilliseconds(0.08);

    /// <summary>Less than a microsecond.</summary>
    private const int Spins = 10;

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
    public async Task WaitAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (due <= _time.GetUtcNow())
        {
            return;
        }

        var woken = new TaskCompletionSource();
        await using var cancelled = cancellationToken.Register(() => woken.TrySetCanceled(cancellationToken));
        lock (_waiting)
        {
            _waiting.Enqueue(woken, due);
        }

        if (Thread.CurrentThread != _thread)
        {
            _changed.Set();
        }
        await woken.Task;
    }

    /// <summary>
    /// Ends the thread. Nobody may be waiting any more. Whom the thread has woken may call it, too: then the thread ends as soon as it returns.
    /// </summary>
    public void Dispose()
    {
        Volatile.Write(ref _ended, true);
        _changed.Set();
        if (Thread.CurrentThread != _thread)
        {
            _thread.Join();
            _changed.Dispose();
        }
    }

    private void Run()
    {
        while (!Volatile.Read(ref _ended))
        {
            var wait = WakeWhoIsDue();
            if (wait is null)
            {
                _changed.WaitOne();
            }
            else if (wait >= ShortestWait)
            {
                _changed.WaitOne((int)Math.Min(wait.Value.TotalMilliseconds, int.MaxValue));
            }
            else if (wait > LateWaking)
            {
                ShortSleep.For(wait < LongestSleep ? wait.Value - LateWaking : LongestSleep - LateWaking);
            }
            else
            {
                Thread.SpinWait(Spins);
            }
        }
    }

    /// <returns>How long until the next is due; null when nobody waits.</returns>
    private TimeSpan? WakeWhoIsDue()
    {
        while (true)
        {
            TaskCompletionSource? next;
            lock (_waiting)
            {
                if (!_waiting.TryPeek(out next, out var due))
                {
                    return null;
                }
                if (due - _time.GetUtcNow() is var wait && wait > TimeSpan.Zero)
                {
                    return wait;
                }
                _waiting.Dequeue();
            }
            next.TrySetResult();
        }
    }
}
