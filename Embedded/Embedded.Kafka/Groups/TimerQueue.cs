namespace Embedded.Kafka.Groups;

/// <summary>
/// All of the coordinator's deadlines behind one timer: sessions, rebalances, ids that were handed out.
/// </summary>
/// <remarks>
/// Its clock counts at most <see cref="MaxStepMs"/> between two looks, and it looks more often than that. A process that
/// was stopped or starved for half a minute therefore does not throw out every member for a silence that was its own.
/// Nothing is ever removed: who no longer needs a deadline ignores it when it comes.
/// </remarks>
internal sealed class TimerQueue : IDisposable
{
    /// <summary>Deadlines closer together than this share a look at the clock.</summary>
    public const int TickMs = 20;

    public const int MaxStepMs = 1_000;

    /// <summary>The longest rest: shorter than a step, or a quiet broker would take itself for a stopped one.</summary>
    private const int MaxRestMs = MaxStepMs / 2;

    private readonly Lock _lock = new();
    private readonly PriorityQueue<Action, long> _due = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Action<Exception> _failed;
    private readonly long _started;
    private long _countedMs;
    private long _nowMs;
    private long _wakeAtMs;
    private readonly Lock _ticking = new();
    private bool _isDisposed;

    /// <param name="failed">Told when a deadline's action throws, which is a bug; the others still run.</param>
    public TimerQueue(TimeProvider time, Action<Exception> failed)
    {
        _time = time;
        _failed = failed;
        _started = time.GetTimestamp();
        _timer = time.CreateTimer(static queue => ((TimerQueue)queue!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (_lock)
        {
            Rest();
        }
    }

    /// <summary>Milliseconds since this queue was made, gaps cut short.</summary>
    public long NowMs
    {
        get
        {
            lock (_lock)
            {
                return Now();
            }
        }
    }

    /// <summary>Runs an action on a pool thread, never early. It may schedule others.</summary>
    public void At(long dueMs, Action action)
    {
        lock (_lock)
        {
            _due.Enqueue(action, dueMs);
            if (dueMs < _wakeAtMs)
            {
                Rest();
            }
        }
    }

    /// <summary>When it returns, no action runs any more and none will: what they use may be closed.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_ticking)
        {
            _isDisposed = true;
        }
    }

    private void Tick()
    {
        if (!_ticking.TryEnter())
        {
            return;              // The look before is still at work, and will look again.
        }

        try
        {
            while (!_isDisposed && TryTake(out var action))
            {
                try { action(); }
#pragma warning disable CA1031 // A bug in one group's timer must not stop the timers of all the others.
                catch (Exception bug) { _failed(bug); }
#pragma warning restore CA1031
            }
        }
        finally
        {
            _ticking.Exit();
        }

        lock (_lock)
        {
            Rest();
        }
    }

    private bool TryTake(out Action action)
    {
        lock (_lock)
        {
            _nowMs = Now();
            _countedMs = ElapsedMs();
            action = null!;
            if (!_due.TryPeek(out _, out var dueMs) || dueMs > _nowMs)
            {
                return false;
            }

            action = _due.Dequeue();
            return true;
        }
    }

    /// <summary>Sets the timer for what comes next.</summary>
    private void Rest()
    {
        var now = Now();
        var restMs = _due.TryPeek(out _, out var dueMs) ? Math.Clamp(dueMs - now, TickMs, MaxRestMs) : MaxRestMs;
        _wakeAtMs = now + restMs;
        _timer.Change(TimeSpan.FromMilliseconds(restMs), Timeout.InfiniteTimeSpan);
    }

    private long Now() => _nowMs + Math.Min(ElapsedMs() - _countedMs, MaxStepMs);

    private long ElapsedMs() => (long)_time.GetElapsedTime(_started).TotalMilliseconds;
}
