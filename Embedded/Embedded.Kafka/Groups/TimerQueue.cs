namespace Embedded.Kafka.Groups;

/// <summary>
/// All of the coordinator's deadlines behind one timer: sessions, rebalances, ids that were handed out.
/// </summary>
/// <remarks>
/// Its clock is the sum of its ticks, and a tick counts for at most <see cref="MaxStepMs"/>. A process that was stopped
/// or starved for half a minute therefore does not throw out every member for a silence that was its own.
/// Nothing is ever removed: who no longer needs a deadline ignores it when it comes.
/// </remarks>
internal sealed class TimerQueue : IDisposable
{
    public const int TickMs = 20;
    public const int MaxStepMs = 1_000;

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Action, long> _due = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Action<Exception> _failed;
    private readonly long _started;
    private long _elapsedMs;
    private long _nowMs;
    private int _ticking;

    /// <param name="failed">Told when a deadline's action throws, which is a bug; the others still run.</param>
    public TimerQueue(TimeProvider time, Action<Exception> failed)
    {
        _time = time;
        _failed = failed;
        _started = time.GetTimestamp();
        _timer = time.CreateTimer(static queue => ((TimerQueue)queue!).Tick(), this, TimeSpan.FromMilliseconds(TickMs), TimeSpan.FromMilliseconds(TickMs));
    }

    /// <summary>Milliseconds since this queue was made; moves in ticks.</summary>
    public long NowMs => Volatile.Read(ref _nowMs);

    /// <summary>Runs an action on a pool thread, never early. It may schedule others.</summary>
    public void At(long dueMs, Action action)
    {
        lock (_lock) _due.Enqueue(action, dueMs);
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        if (Interlocked.Exchange(ref _ticking, 1) != 0) return;              // The tick before is still at work.
        try
        {
            var elapsedMs = (long)_time.GetElapsedTime(_started).TotalMilliseconds;
            Volatile.Write(ref _nowMs, _nowMs + Math.Min(elapsedMs - _elapsedMs, MaxStepMs));
            _elapsedMs = elapsedMs;
            while (TryTake(out var action))
            {
                try { action(); }
#pragma warning disable CA1031 // A bug in one group's timer must not stop the timers of all the others.
                catch (Exception bug) { _failed(bug); }
#pragma warning restore CA1031
            }
        }
        finally
        {
            Volatile.Write(ref _ticking, 0);
        }
    }

    private bool TryTake(out Action action)
    {
        lock (_lock)
        {
            action = null!;
            if (!_due.TryPeek(out _, out var dueMs) || dueMs > _nowMs) return false;
            action = _due.Dequeue();
            return true;
        }
    }
}
