namespace Embedded.Kafka.Log;

/// <summary>One timer for the deadlines of all waiting fetches: adding and removing cost a list operation, not a timer each.</summary>
/// <remarks>Deadlines are rounded up to the next tick. The timer rests while nobody waits.</remarks>
internal sealed class DeadlineWheel : IDisposable
{
    private const int TickMs = 10;
    private const int Slots = 512;

    private readonly Lock _lock = new();
    private readonly LinkedList<FetchWaiter>[] _slots = new LinkedList<FetchWaiter>[Slots];
    private readonly Timer _timer;
    private bool _isRunning;
    private int _count;
    private int _slot;
    private long _startedMs;
    private long _ticksDone;

    public DeadlineWheel()
    {
        for (var i = 0; i < Slots; i++)
        {
            _slots[i] = new LinkedList<FetchWaiter>();
        }

        _timer = new Timer(_ => Turn());
    }

    public void Add(FetchWaiter waiter, int delayMs)
    {
        lock (_lock)
        {
            var ticks = (delayMs / TickMs) + 1;
            waiter.Rounds = ticks / Slots;
            _slots[(_slot + ticks) % Slots].AddLast(waiter.Node);
            _count++;
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
            (_startedMs, _ticksDone) = (Environment.TickCount64, 0);
            _timer.Change(TickMs, TickMs);
        }
    }

    public void Remove(FetchWaiter waiter)
    {
        lock (_lock)
        {
            if (waiter.Node.List is not { } list)
            {
                return;
            }

            list.Remove(waiter.Node);
            _count--;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Turn()
    {
        lock (_lock)
        {
            if (_count == 0)
            {
                _isRunning = false;
                _timer.Change(Timeout.Infinite, Timeout.Infinite);
                return;
            }

            // A busy machine runs timers late: catch up with the clock.
            for (var due = (Environment.TickCount64 - _startedMs) / TickMs; _ticksDone < due; _ticksDone++)
            {
                TurnOne();
            }
        }
    }

    private void TurnOne()
    {
        _slot = (_slot + 1) % Slots;
        for (var node = _slots[_slot].First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Rounds-- == 0)
            {
                _slots[_slot].Remove(node);
                _count--;
                node.Value.IsExpired = true;
                node.Value.Wake();
            }

            node = next;
        }
    }
}
