using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Storage;

/// <summary>Keeps one index in step with its collection, on the writer: first finds what must change, then changes it.</summary>
internal sealed class IndexWriter : IDisposable
{
    private readonly Collection _collection;
    private readonly CollectionIndex _index;
    private readonly SqliteConnection _connection;
    private readonly Statement _rowOfKey;
    private readonly Statement _insert;
    private readonly Statement _delete;
    private readonly IndexKeys _old = new();
    private readonly IndexKeys _new = new();
    private bool _isUntouched;

    public IndexWriter(SqliteConnection connection, Collection collection, CollectionIndex index)
    {
        _connection = connection;
        _collection = collection;
        _index = index;
        _rowOfKey = connection.Prepare(index.Sql.RowOfKey);
        _insert = connection.Prepare(index.Sql.Insert);
        _delete = connection.Prepare(index.Sql.Delete);
    }

    /// <summary>Whether keys are made from this top-level field.</summary>
    public bool Reads(ReadOnlySpan<byte> field)
    {
        foreach (var indexed in _index.Fields)
        {
            if (field.SequenceEqual(indexed.Parts[0]))
            {
                return true;
            }
        }

        return _index.Partial?.Uses.Includes(field) ?? false;
    }

    /// <summary>Compares a document's old and new keys.</summary>
    /// <param name="row">The row they lead to.</param>
    /// <param name="before">The document as it was, empty for a new one.</param>
    /// <param name="after">The document as it will be, empty for one that goes.</param>
    /// <param name="touched">The top-level fields that the change may touch.</param>
    /// <exception cref="DuplicateKeyException">The index is unique and has one of the new keys for another row.</exception>
    public void Prepare(long row, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, FieldUse touched)
    {
        _isUntouched = !_index.IsTouchedBy(touched);
        if (_isUntouched)
        {
            return;
        }

        Extract(_old, before);
        Extract(_new, after);
        if (!_index.IsUnique)
        {
            return;
        }

        foreach (var key in _new.Keys)
        {
            _rowOfKey.Bind(1, key);
            var isTaken = _rowOfKey.Step() && _rowOfKey.Int64(0) != row;
            _rowOfKey.Reset();
            if (isTaken)
            {
                throw DuplicateKeyException.Create(_collection, _index.Name, _index.Key, after);
            }
        }
    }

    /// <summary>Makes the changes that <see cref="Prepare"/> found.</summary>
    public void Write(long row)
    {
        if (_isUntouched)
        {
            return;
        }

        if (_new.IsMultikey && !_index.IsMultikey)
        {
            // Readers may see the flag before the commit: it only makes the planner careful. A rollback loads the catalog anew.
            _index.IsMultikey = true;
            _connection.Execute($"UPDATE _idx SET multikey = 1 WHERE id = {_index.Id}");
        }

        // Both lists are sorted: one walk finds what went and what came.
        var (oldKeys, newKeys) = (_old.Keys, _new.Keys);
        for (int i = 0, j = 0; i < oldKeys.Count || j < newKeys.Count;)
        {
            var order = i == oldKeys.Count ? 1 : j == newKeys.Count ? -1 : oldKeys[i].AsSpan().SequenceCompareTo(newKeys[j]);
            if (order < 0)
            {
                _delete.Bind(1, oldKeys[i++]).Bind(2, row).Run();
            }
            else if (order > 0)
            {
                _insert.Bind(1, newKeys[j++]).Bind(2, row).Run();
            }
            else
            {
                (i, j) = (i + 1, j + 1);
            }
        }
    }

    public void Dispose()
    {
        _rowOfKey.Dispose();
        _insert.Dispose();
        _delete.Dispose();
    }

    private void Extract(IndexKeys keys, ReadOnlySpan<byte> document)
    {
        if (document.IsEmpty)
        {
            keys.Clear();
        }
        else
        {
            keys.Extract(_index, document);
        }
    }
}
