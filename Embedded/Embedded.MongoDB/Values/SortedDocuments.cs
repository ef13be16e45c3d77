namespace Embedded.MongoDB.Values;

/// <summary>
/// Collects documents and gives them back in order; equal ones in the order in which they came. With a limit it is a
/// heap of that size, and a document that is too late already is not even copied.
/// </summary>
/// <param name="sort">The order.</param>
/// <param name="keep">How many of the first are wanted; null for all.</param>
/// <param name="maxBytes">How much may be held.</param>
internal sealed class SortedDocuments(Sort sort, long? keep, long maxBytes)
{
    private readonly List<Entry> _all = [];
    private readonly PriorityQueue<Entry, Entry> _first = new(Comparer<Entry>.Create((a, b) => Entry.Compare(b, a)));
    private readonly BsonBuffer _key = new();
    private long _sequence;
    private long _bytes;

    /// <exception cref="CommandException">292: the documents do not fit into memory.</exception>
    public void Add(ReadOnlySpan<byte> document)
    {
        _key.Clear();
        sort.WriteKey(document, _key);
        if (keep is { } limit && _first.Count >= limit)
        {
            if (limit == 0 || _key.Written.SequenceCompareTo(_first.Peek().Key) >= 0)
            {
                return;
            }
            var dropped = _first.Dequeue();
            _bytes -= dropped.Bytes;
        }
        var entry = new Entry(_key.ToArray(), _sequence++, document.ToArray());
        _bytes += entry.Bytes;
        if (_bytes > maxBytes)
        {
            throw new CommandException(ErrorCode.QueryExceededMemoryLimitNoDiskUseAllowed,
                $"Sort exceeded memory limit of {maxBytes} bytes, and sorting on disk is not supported by this server");
        }
        if (keep is null)
        {
            _all.Add(entry);
        }
        else
        {
            _first.Enqueue(entry, entry);
        }
    }

    /// <summary>The documents in order; they are let go of.</summary>
    public IEnumerable<byte[]> Take()
    {
        while (_first.TryDequeue(out var entry, out _))
        {
            _all.Add(entry);
        }
        _all.Sort(Entry.Compare);
        foreach (var entry in _all)
        {
            yield return entry.Document;
        }
        _all.Clear();
    }

    private readonly record struct Entry(byte[] Key, long Sequence, byte[] Document)
    {
        public long Bytes => Key.Length + Document.Length + 64;

        public static int Compare(Entry left, Entry right)
        {
            var order = left.Key.AsSpan().SequenceCompareTo(right.Key);
            return order != 0 ? order : left.Sequence.CompareTo(right.Sequence);
        }
    }
}
