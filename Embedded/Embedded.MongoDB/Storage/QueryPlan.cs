using Embedded.MongoDB.Query;
using Embedded.MongoDB.Values;
using Embedded.MongoDB.Wire;

namespace Embedded.MongoDB.Storage;

/// <summary>
/// A filter and an order over the rows of one collection: moves from match to match. Payloads are fetched only for rows
/// whose filter or reader asks for a field that holds one.
/// </summary>
internal sealed class QueryPlan : IDisposable
{
    /// <summary>Keys of a sort that no index answers.</summary>
    private const long MaxSortBytes = 256L * 1024 * 1024;

    /// <summary>How many rows pass between two looks at the clock.</summary>
    private const int RowsPerTimeCheck = 256;

    private readonly Collection _collection;
    private readonly Filter? _filter;
    private readonly PooledBuffer _whole = new();
    private readonly Action _checkTime;
    private RowCursor _cursor;
    private Filter? _remaining;
    private int _rows;

    /// <param name="collection">Whose rows.</param>
    /// <param name="path">How to find them.</param>
    /// <param name="filter">What they must match; null for everything.</param>
    /// <param name="checkTime">Throws when the client's time is over.</param>
    public QueryPlan(Collection collection, AccessPath path, Filter? filter, Action checkTime)
    {
        _collection = collection;
        _cursor = new(collection, path);
        _filter = _remaining = filter is null || filter.IsEmpty ? null : filter;
        _checkTime = checkTime;
    }

    public RowCursor Cursor => _cursor;

    /// <summary>How the rows were found, where a sort has replaced that by its result.</summary>
    public AccessPath? SortedFrom { get; private set; }

    /// <summary>Attaches to a reader; <see cref="Detach"/> before it is given back.</summary>
    public void Attach(SqliteConnection connection) => _cursor.Attach(connection);

    public void Detach() => _cursor.Detach();

    /// <summary>Moves to the next row that matches.</summary>
    public bool MoveNext()
    {
        while (_cursor.MoveNext())
        {
            if (++_rows % RowsPerTimeCheck == 0)
            {
                _checkTime();
            }

            if (_remaining is null || _remaining.Matches(Read(_remaining.Uses)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The current document with every binary in the fields that <paramref name="uses"/> names. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Read(FieldUse uses)
    {
        var stored = _cursor.Stored;
        if (stored.PayloadCount == 0 || !stored.NeedsPayload(uses))
        {
            return stored.Document;
        }

        _whole.Clear();
        stored.Assemble(_cursor.Row, _cursor.Payloads, _whole);
        return _whole.WrittenSpan;
    }

    /// <summary>The same where some of those fields are left out again: their binaries need not be there.</summary>
    public ReadOnlySpan<byte> Read(FieldUse uses, FieldUse except)
    {
        var stored = _cursor.Stored;
        for (var i = 0; i < stored.PayloadCount; i++)
        {
            var payload = stored.Payload(i);
            if (stored.NeedsPayload(payload, uses) && !except.Includes(stored.FieldOf(payload)))
            {
                return Read(FieldUse.All);
            }
        }

        return stored.Document;
    }

    /// <summary>Which element of an array made the current document match; −1 where none did.</summary>
    public int FindPosition()
    {
        var position = -1;
        _filter?.Matches(Read(_filter.Uses), out position);
        return position;
    }

    /// <summary>Appends the current document, whole.</summary>
    public void CopyTo(PooledBuffer output) => _cursor.Stored.Assemble(_cursor.Row, _cursor.Payloads, output);

    /// <summary>Reads everything that matches, detaches, and goes on in the order of <paramref name="sort"/> when it is attached again.</summary>
    /// <param name="sort">The order; rows that it holds equal stay in the order of their numbers.</param>
    /// <param name="wanted">How many are needed at most, 0 for all.</param>
    public void SortRows(Sort sort, long wanted)
    {
        var keys = new PooledBuffer();
        try
        {
            var top = new TopRows(wanted);
            while (MoveNext())
            {
                keys.Clear();
                sort.WriteKey(Read(sort.Uses), keys);
                top.Add(keys.WrittenSpan, _cursor.Row);
                if (top.KeyBytes > MaxSortBytes)
                {
                    throw new CommandException(ErrorCode.QueryExceededMemoryLimitNoDiskUseAllowed,
                        $"the keys of a sort exceed {MaxSortBytes} bytes: an index on the sorted fields or a limit helps");
                }
            }

            SortedFrom = _cursor.Path;
            _cursor.Detach();
            _cursor = new(_collection, new AccessPath.Rows(top.InOrder()) { IsSorted = true });
            _remaining = _filter;
        }
        finally
        {
            keys.Dispose();
        }
    }

    public void Dispose() => _whole.Dispose();
}
