namespace Embedded.Aspire.Dashboard.Telemetry;

/// <summary>
/// The newest items, up to a capacity, each under a number that only grows. Storage grows as needed. Not safe for several threads.
/// </summary>
internal sealed class Ring<T>(int capacity)
{
    private const int FirstLength = 16;

    private T[] _items = new T[Math.Min(capacity, FirstLength)];

    /// <summary>The number of the oldest item; equal to <see cref="Next"/> where there is none.</summary>
    public long First { get; private set; }

    /// <summary>The number that the next item gets.</summary>
    public long Next { get; private set; }

    public int Count => (int)(Next - First);

    public bool IsFull => Count == capacity;

    public T this[long number]
    {
        get => _items[Slot(number)];
        set => _items[Slot(number)] = value;
    }

    /// <summary>Adds an item; the ring must not be full.</summary>
    public long Add(T item)
    {
        if (Count == _items.Length) Grow();
        _items[Next % _items.Length] = item;
        return Next++;
    }

    public T RemoveFirst()
    {
        ref var slot = ref _items[Slot(First)];
        var item = slot;
        slot = default!;
        First++;
        return item;
    }

    /// <summary>The items from that number on (or from the oldest), oldest first.</summary>
    public T[] ToArray(long from = 0)
    {
        from = Math.Clamp(from, First, Next);
        var items = new T[Next - from];
        for (var index = 0; index < items.Length; index++)
        {
            items[index] = _items[(from + index) % _items.Length];
        }
        return items;
    }

    private int Slot(long number) =>
        number >= First && number < Next ? (int)(number % _items.Length) : throw new ArgumentOutOfRangeException(nameof(number), number, "Not in the ring.");

    private void Grow()
    {
        var items = new T[(int)Math.Min(capacity, _items.Length * 2L)];
        for (var number = First; number < Next; number++)
        {
            items[number % items.Length] = _items[number % _items.Length];
        }
        _items = items;
    }
}
