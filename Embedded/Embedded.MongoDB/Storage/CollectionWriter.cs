using Embedded.MongoDB.Query;
using Embedded.MongoDB.Updates;
using Embedded.MongoDB.Values;
using Embedded.MongoDB.Wire;
using MongoDB.Bson;

namespace Embedded.MongoDB.Storage;

/// <summary>
/// Changes the rows of one collection, on the writer. Whatever can be wrong with a document is found before the first of
/// its rows is written, so a refused document leaves nothing behind and its neighbours in the transaction stand.
/// </summary>
internal sealed class CollectionWriter : IDisposable
{
    private const int ConstraintViolated = SQLitePCL.raw.SQLITE_CONSTRAINT;

    private readonly SqliteConnection _connection;
    private readonly Statement _byKey;
    private readonly Statement _byRow;
    private readonly Statement _insert;
    private readonly Statement _update;
    private readonly Statement _delete;
    private readonly Statement _insertPayload;
    private readonly Statement _deletePayloads;
    private readonly Statement _saveCounters;
    private readonly IndexWriter[] _indexes;
    private readonly PayloadReader _payloads;
    private readonly SkeletonBuilder _builder = new();
    private readonly PooledBuffer _before = new();
    private readonly PooledBuffer _after = new();
    private Statement? _current;
    private long _nextRow;
    private long _documents;
    private long _bytes;

    public CollectionWriter(SqliteConnection connection, Collection collection)
    {
        _connection = connection;
        Collection = collection;
        var sql = collection.Sql;
        _byKey = connection.Prepare(sql.ByKey);
        _byRow = connection.Prepare(sql.ByRow);
        _insert = connection.Prepare(sql.Insert);
        _update = connection.Prepare(sql.Update);
        _delete = connection.Prepare(sql.Delete);
        _insertPayload = connection.Prepare(sql.InsertPayload);
        _deletePayloads = connection.Prepare(sql.DeletePayloads);
        _saveCounters = connection.Prepare(sql.SaveCounters);
        _indexes = [.. collection.Indexes.Select(index => new IndexWriter(connection, collection, index))];
        _payloads = new(connection, sql);
        _nextRow = connection.QueryInt64(sql.LastRow) + 1;
        _documents = collection.Counters.Documents;
        _bytes = collection.Counters.Bytes;
    }

    public Collection Collection { get; }

    /// <summary>Whether rows have changed since <see cref="SaveCounters"/>.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Changes the document of an <c>_id</c> if it is there and matches.</summary>
    /// <inheritdoc cref="UpdateCurrent"/>
    public WriteOutcome UpdateByKey(ReadOnlySpan<byte> key, Filter? filter, DocumentUpdate update, DocumentImages? images = null) =>
        Seek(_byKey.Bind(1, key)) ? UpdateCurrent(filter, update, images) : WriteOutcome.NotMatched;

    /// <summary>Changes a row if it is there and matches.</summary>
    /// <inheritdoc cref="UpdateCurrent"/>
    public WriteOutcome UpdateByRow(long row, Filter? filter, DocumentUpdate update, DocumentImages? images = null) =>
        Seek(_byRow.Bind(1, row)) ? UpdateCurrent(filter, update, images) : WriteOutcome.NotMatched;

    /// <summary>Deletes the document of an <c>_id</c>; false where there is none.</summary>
    public bool DeleteByKey(ReadOnlySpan<byte> key) => Seek(_byKey.Bind(1, key)) && DeleteCurrent(filter: null, images: null);

    /// <summary>Deletes a row; false where it is not there, or does not match.</summary>
    public bool DeleteByRow(long row, Filter filter, DocumentImages? images = null) => Seek(_byRow.Bind(1, row)) && DeleteCurrent(filter, images);

    /// <summary>Adds a document whose <c>_id</c> is in place.</summary>
    /// <exception cref="DuplicateKeyException">A unique index holds one of its keys already.</exception>
    public void Insert(ReadOnlySpan<byte> key, ReadOnlySpan<byte> document, int tooLargeCode = (int)ErrorCode.BSONObjectTooLarge)
    {
        CheckSize(document.Length, tooLargeCode);
        var row = _nextRow;
        foreach (var index in _indexes)
        {
            index.Prepare(row, default, document, FieldUse.All);
        }

        _builder.Begin();
        _builder.Build(document);
        try
        {
            _insert.Bind(1, row).Bind(2, key).Bind(3, _builder.Row.WrittenSpan).Run();
        }
        catch (SqliteException problem) when ((problem.ResultCode & 0xff) == ConstraintViolated)
        {
            // SQLite looks into the unique index before it writes the row, so nothing has been written.
            throw DuplicateKeyException.Create(Collection, "_id_", IdPattern, document);
        }

        _nextRow++;
        WritePayloads(row, document);
        foreach (var index in _indexes)
        {
            index.Write(row);
        }

        _documents++;
        _bytes += document.Length;
        IsDirty = true;
    }

    /// <summary>Writes the counters into the transaction that changed them.</summary>
    public void SaveCounters()
    {
        _saveCounters.Bind(1, _documents).Bind(2, _bytes).Run();
        IsDirty = false;
    }

    /// <summary>The transaction is committed: readers may see the counters.</summary>
    public void PublishCounters() => Collection.Counters.Set(_documents, _bytes);

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_byKey, _byRow, _insert, _update, _delete, _insertPayload, _deletePayloads, _saveCounters])
        {
            statement.Dispose();
        }

        foreach (var index in _indexes)
        {
            index.Dispose();
        }

        _builder.Dispose();
        _before.Dispose();
        _after.Dispose();
    }

    /// <summary><c>{_id: 1}</c></summary>
    internal static ReadOnlySpan<byte> IdPattern => [14, 0, 0, 0, (byte)BsonType.Int32, (byte)'_', (byte)'i', (byte)'d', 0, 1, 0, 0, 0, 0];

    private long CurrentRow => _current!.Int64(0);

    private ReadOnlySpan<byte> CurrentStored => _current!.Blob(1);

    /// <summary>A found row stays current until <see cref="Release"/>.</summary>
    private bool Seek(Statement statement)
    {
        Release();
        if (!statement.Step())
        {
            statement.Reset();
            return false;
        }

        _current = statement;
        return true;
    }

    private void Release()
    {
        _current?.Reset();
        _current = null;
    }

    /// <summary>Changes the current row if it matches, and releases it.</summary>
    /// <param name="filter">What the row must match; null where the caller knows that it does.</param>
    /// <param name="update">The change.</param>
    /// <param name="images">Filled where the caller wants the document as it was and as it is then.</param>
    /// <exception cref="CommandException">The change cannot be made to this document; the row is as it was.</exception>
    private WriteOutcome UpdateCurrent(Filter? filter, DocumentUpdate update, DocumentImages? images)
    {
        try
        {
            var row = CurrentRow;
            var stored = new StoredRow(CurrentStored);
            var isWhole = images is not null || (stored.PayloadCount > 0 && NeedsWhole(stored, filter, update));
            var before = Read(stored, isWhole);
            var position = -1;
            if (filter is not null && !filter.Matches(before, out position))
            {
                return WriteOutcome.NotMatched;
            }

            if (images is not null)
            {
                images.Before = images.After = before.ToArray();
            }

            _after.Clear();
            if (!update.Apply(before, _after, isInsert: false, position))
            {
                return WriteOutcome.Unchanged;
            }

            var hadPayloads = stored.PayloadCount > 0;
            var oldLength = stored.TrueLengthBytes;
            _builder.Begin();
            if (hadPayloads && !isWhole)
            {
                _builder.Keep(stored);
            }

            foreach (var index in _indexes)
            {
                index.Prepare(row, before, _after.WrittenSpan, update.IsReplacement ? FieldUse.All : update.Uses);
            }

            Release();

            _builder.Build(_after.WrittenSpan);
            CheckSize(_builder.TrueLengthBytes, 17419);
            _update.Bind(1, row).Bind(2, _builder.Row.WrittenSpan).Run();
            if (hadPayloads && isWhole)
            {
                _deletePayloads.Bind(1, row).Run();
            }

            WritePayloads(row, _after.WrittenSpan);
            foreach (var index in _indexes)
            {
                index.Write(row);
            }

            if (images is not null)
            {
                images.After = _after.WrittenSpan.ToArray();
            }

            _bytes += _builder.TrueLengthBytes - oldLength;
            IsDirty = true;
            return WriteOutcome.Changed;
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Deletes the current row if it matches, and releases it.</summary>
    private bool DeleteCurrent(Filter? filter, DocumentImages? images)
    {
        try
        {
            var row = CurrentRow;
            var stored = new StoredRow(CurrentStored);
            var isWhole = images is not null || (stored.PayloadCount > 0 && NeedsWhole(stored, filter, update: null));
            var before = Read(stored, isWhole);
            if (filter is not null && !filter.Matches(before))
            {
                return false;
            }

            if (images is not null)
            {
                images.Before = before.ToArray();
            }

            foreach (var index in _indexes)
            {
                index.Prepare(row, before, default, FieldUse.All);
            }

            var hadPayloads = stored.PayloadCount > 0;
            var length = stored.TrueLengthBytes;
            Release();

            _delete.Bind(1, row).Run();
            if (hadPayloads)
            {
                _deletePayloads.Bind(1, row).Run();
            }

            foreach (var index in _indexes)
            {
                index.Write(row);
            }

            _documents--;
            _bytes -= length;
            IsDirty = true;
            return true;
        }
        finally
        {
            Release();
        }
    }

    private ReadOnlySpan<byte> Read(StoredRow stored, bool isWhole)
    {
        if (!isWhole || stored.PayloadCount == 0)
        {
            if (!isWhole)
            {
                return stored.Document;
            }

            _before.Clear();
            _before.Write(stored.Document);
            return _before.WrittenSpan;
        }

        _before.Clear();
        stored.Assemble(CurrentRow, _payloads, _before);
        return _before.WrittenSpan;
    }

    private bool NeedsWhole(StoredRow stored, Filter? filter, DocumentUpdate? update)
    {
        if ((filter is not null && stored.NeedsPayload(filter.Uses)) || stored.HasRepeatedFields)
        {
            return true;
        }

        if (update is not null && (update.IsReplacement || stored.NeedsPayload(update.Uses)))
        {
            return true;
        }

        foreach (var index in _indexes)
        {
            for (var i = 0; i < stored.PayloadCount; i++)
            {
                if (index.Reads(stored.FieldOf(stored.Payload(i))))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void WritePayloads(long row, ReadOnlySpan<byte> document)
    {
        foreach (var (ordinal, start, length) in _builder.Moved)
        {
            _insertPayload.Bind(1, PayloadReader.IdOf(row, ordinal)).Bind(2, document.Slice(start, length)).Run();
        }
    }

    private static void CheckSize(int lengthBytes, int code)
    {
        if (lengthBytes > WireLimits.MaxDocumentBytes)
        {
            throw new CommandException(code, $"object to insert too large. size in bytes: {lengthBytes}, max size: {WireLimits.MaxDocumentBytes}");
        }
    }
}
