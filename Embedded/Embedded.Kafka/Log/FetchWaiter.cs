using System.Threading.Tasks.Sources;

namespace Embedded.Kafka.Log;

/// <summary>
/// One waiting fetch: it holds no thread and no buffer. Woken by an append, by its deadline, or when its connection ends;
/// then it looks again and may wait again.
/// </summary>
internal sealed class FetchWaiter : IValueTaskSource
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Woken = 2;

    private ManualResetValueTaskSourceCore<bool> _source = new() { RunContinuationsAsynchronously = true };
    private int _state;

    /// <summary>Its deadline has passed.</summary>
    public bool IsExpired { get; private set; }

    public void Expire()
    {
        IsExpired = true;
        Wake();
    }

    public void Wake()
    {
        // From Idle: remembered, so that the next wait returns at once. From Waiting: completes it. A second wake adds nothing.
        if (Interlocked.Exchange(ref _state, Woken) == Waiting)
        {
            _source.SetResult(true);
        }
    }

    /// <summary>Until woken, or at once if that has happened since the last wait. One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        _source.Reset();
        return Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle ? new ValueTask(this, _source.Version) : ValueTask.CompletedTask;
    }

    /// <summary>Looks at the log come after this: what was appended before needs no wake.</summary>
    public void Rearm() => Volatile.Write(ref _state, Idle);

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
