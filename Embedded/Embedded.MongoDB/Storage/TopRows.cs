namespace Embedded.MongoDB.Storage;

/// <summary>Collects rows by their sort keys and keeps the first few: a heap whose root is the last of those kept.</summary>
/// <param name="wanted">How many to keep, 0 for all.</param>
internal sealed class TopRows(long wanted)
{
    private static readonly Comparer<(byte[] Key, long Row)> Order = Comparer<(byte[] Key, long Row)>.Create(static (left, right) =>
    {
        var order = left.Key.AsSpan().SequenceCompareTo(right.Key);
        return order != 0 ? order : left.Row.CompareTo(right.Row);
    });

    private static readonly Comparer<(byte[] Key, long Row)> Reverse = Comparer<(byte[] Key, long Row)>.Create(
        static (left, right) => Order.Compare(right, left));

    private readonly PriorityQueue<long, (byte[] Key, long Row)> _heap = new(Reverse);
    private readonly List<(byte[] Key, long Row)> _all = [];

    public long KeyBytes { get; private set; }

    public void Add(ReadOnlySpan<byte> key, long row)
    {
        if (wanted == 0)
        {
            _all.Add((key.ToArray(), row));
            KeyBytes += key.Length;
            return;
        }

        if (_heap.Count < wanted)
        {
            _heap.Enqueue(row, (key.ToArray(), row));
            KeyBytes += key.Length;
            return;
        }

        _heap.TryPeek(out _, out var last);
        var order = key.SequenceCompareTo(last.Key);
        if (order < 0 || (order == 0 && row < last.Row))
        {
            _heap.EnqueueDequeue(row, (key.ToArray(), row));
        }
    }

    public long[] InOrder()
    {
        if (wanted != 0)
        {
            while (_heap.TryDequeue(out _, out var entry))
            {
                _all.Add(entry);
            }
        }

        _all.Sort(Order);
        return [.. _all.Select(static entry => entry.Row)];
    }
}
