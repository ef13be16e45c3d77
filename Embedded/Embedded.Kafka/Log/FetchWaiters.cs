namespace Embedded.Kafka.Log;

/// <summary>The fetches that wait for one partition. The append that brings records wakes them.</summary>
internal sealed class FetchWaiters
{
    private readonly Lock _lock = new();
    private readonly List<FetchWaiter> _waiting = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    public void Add(FetchWaiter waiter)
    {
        lock (_lock)
        {
            _waiting.Add(waiter);
        }
    }

    public void Remove(FetchWaiter waiter)
    {
        lock (_lock)
        {
            _waiting.Remove(waiter);
        }
    }

    public void Wake()
    {
        // Always under the lock: a waiter that joins before the append is seen is woken, one that joins after sees the append.
        lock (_lock)
        {
            foreach (var waiter in _waiting)
            {
                waiter.Wake();
            }
        }
    }
}
