namespace Embedded.MongoDB.Storage;

/// <summary>
/// Walks the rows of an access path. Between two requests it holds a position and nothing of SQLite's: it is attached to a
/// reader for one batch and detached afterwards, so no open read keeps the log from shrinking while a client thinks.
/// </summary>
internal sealed class RowCursor(Collection collection, AccessPath path)
{
    private readonly HashSet<long>? _seen = path is AccessPath.IndexRanges { Index.IsMultikey: true } ? [] : null;
    private SqliteConnection? _connection;
    private Statement? _rows;
    private Statement? _walk;
    private long _lastRow = path is AccessPath.TableScan { IsBackward: true } ? long.MaxValue : long.MinValue;
    private byte[]? _lastKey;
    private int _next;

    public AccessPath Path => path;

    /// <summary>Index entries looked at.</summary>
    public long KeysExamined { get; private set; }

    /// <summary>Rows looked at.</summary>
    public long RowsExamined { get; private set; }

    /// <summary>The current row's number.</summary>
    public long Row { get; private set; }

    /// <summary>The current row, valid until the next move.</summary>
    public StoredRow Stored => new(_rows!.Blob(1));

    public PayloadReader Payloads => new(_connection!, collection.Sql);

    public void Attach(SqliteConnection connection)
    {
        _connection = connection;
        _rows = path switch
        {
            AccessPath.TableScan { IsBackward: false } => connection.Cached(collection.Sql.Forward).Bind(1, _lastRow),
            AccessPath.TableScan => connection.Cached(collection.Sql.Backward).Bind(1, _lastRow),
            AccessPath.IdKeys => connection.Cached(collection.Sql.ByKey),
            _ => connection.Cached(collection.Sql.ByRow),
        };
    }

    public void Detach()
    {
        _rows?.Reset();
        _walk?.Reset();
        _connection = null;
        _rows = _walk = null;
    }

    /// <summary>Moves to the next row.</summary>
    public bool MoveNext()
    {
        var isThere = path switch
        {
            AccessPath.TableScan => MoveInTable(),
            AccessPath.IdKeys ids => MoveToId(ids.Keys),
            AccessPath.IndexRanges ranges => MoveInIndex(ranges),
            AccessPath.Rows rows => MoveToRow(rows.Numbers),
            _ => false,
        };
        if (isThere)
        {
            RowsExamined++;
        }

        return isThere;
    }

    private bool MoveInTable()
    {
        if (!_rows!.Step())
        {
            return false;
        }

        _lastRow = Row = _rows.Int64(0);
        return true;
    }

    private bool MoveToId(IReadOnlyList<byte[]> keys)
    {
        while (_next < keys.Count)
        {
            _rows!.Reset();
            KeysExamined++;
            if (_rows.Bind(1, keys[_next++]).Step())
            {
                Row = _rows.Int64(0);
                return true;
            }
        }

        return false;
    }

    private bool MoveToRow(IReadOnlyList<long> rows)
    {
        while (_next < rows.Count)
        {
            if (Fetch(rows[_next++]))
            {
                return true;                // a row that has gone since the sort is passed over
            }
        }

        return false;
    }

    private bool MoveInIndex(AccessPath.IndexRanges ranges)
    {
        while (_next < ranges.Ranges.Count)
        {
            _walk ??= StartWalk(ranges);
            if (!_walk.Step())
            {
                _walk.Reset();
                _walk = null;
                _lastKey = null;
                _next++;
                continue;
            }

            KeysExamined++;
            _lastKey = _walk.Blob(0).ToArray();
            _lastRow = _walk.Int64(1);
            if ((_seen is null || _seen.Add(_lastRow)) && Fetch(_lastRow))
            {
                return true;
            }
        }

        return false;
    }

    private Statement StartWalk(AccessPath.IndexRanges ranges)
    {
        var sql = ranges.Index.Sql;
        if (!ranges.IsBackward)
        {
            var (from, to) = ranges.Ranges[_next];
            return _connection!.Cached(sql.Forward).Bind(1, _lastKey ?? from).Bind(2, _lastKey is null ? long.MinValue : _lastRow).Bind(3, to);
        }

        // The end of a range is exclusive: no row number is below the least.
        var (first, last) = ranges.Ranges[^(_next + 1)];
        return _connection!.Cached(sql.Backward).Bind(1, _lastKey ?? last).Bind(2, _lastKey is null ? long.MinValue : _lastRow).Bind(3, first);
    }

    private bool Fetch(long row)
    {
        _rows!.Reset();
        if (!_rows.Bind(1, row).Step())
        {
            return false;
        }

        Row = row;
        return true;
    }
}
