using System.Collections.Immutable;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Storage;

/// <summary>What a job on the writer can do. The catalog here is that of the open transaction; readers see it after the commit.</summary>
internal sealed class WriteSession(SqliteConnection connection, string database) : IDisposable
{
    private readonly Dictionary<string, CollectionWriter> _writers = new(StringComparer.Ordinal);

    public Catalog Catalog { get; private set; } = Catalog.Load(connection, database);

    /// <summary>The collection's writer, null where there is no such collection.</summary>
    public CollectionWriter? Find(string name)
    {
        if (_writers.TryGetValue(name, out var writer))
        {
            return writer;
        }

        if (Catalog.Find(name) is not { } collection)
        {
            return null;
        }

        _writers.Add(name, writer = new(connection, collection));
        return writer;
    }

    /// <summary>The collection's writer; the first write to a collection makes it.</summary>
    public CollectionWriter Open(string name)
    {
        if (Find(name) is { } writer)
        {
            return writer;
        }

        CreateCollection(name, []);
        return Find(name)!;
    }

    public Collection CreateCollection(string name, byte[] options)
    {
        var uuid = Guid.NewGuid().ToByteArray(bigEndian: true);
        using (var insert = connection.Prepare("INSERT INTO _coll(name, uuid, options, ndocs, nbytes) VALUES (?1, ?2, ?3, 0, 0)"))
        {
            insert.Bind(1, name).Bind(2, uuid).Bind(3, options).Run();
        }

        var collection = new Collection(database, connection.QueryInt64("SELECT last_insert_rowid()"), name, uuid, options, []);
        connection.Execute(collection.Sql.Create);
        Catalog = new(Catalog.Collections.Add(name, collection));
        return collection;
    }

    /// <summary>Removes a collection; false where there is none.</summary>
    public bool DropCollection(string name)
    {
        if (Catalog.Find(name) is not { } collection)
        {
            return false;
        }

        Close(name);
        foreach (var index in collection.Indexes)
        {
            connection.Execute(index.Sql.Drop);
        }

        connection.Execute($"DELETE FROM _idx WHERE coll = {collection.Id}; DELETE FROM _coll WHERE id = {collection.Id}; {collection.Sql.Drop}");
        Catalog = new(Catalog.Collections.Remove(name));
        return true;
    }

    /// <summary>Gives a collection another name.</summary>
    public void RenameCollection(string name, string newName)
    {
        var collection = Catalog.Find(name)!;
        Save(name);
        Close(name);
        using (var rename = connection.Prepare("UPDATE _coll SET name = ?1 WHERE id = ?2"))
        {
            rename.Bind(1, newName).Bind(2, collection.Id).Run();
        }

        Catalog = new(Catalog.Collections.Remove(name).Add(newName, collection with { Name = newName }));
    }

    /// <summary>Makes an index and fills it from the rows that are there.</summary>
    /// <exception cref="DuplicateKeyException">It is to be unique, and the rows are not.</exception>
    public void CreateIndex(string collectionName, byte[] spec)
    {
        Close(collectionName);
        var collection = Catalog.Find(collectionName)!;
        using (var insert = connection.Prepare("INSERT INTO _idx(coll, spec, multikey) VALUES (?1, ?2, 0)"))
        {
            insert.Bind(1, collection.Id).Bind(2, spec).Run();
        }

        var index = new CollectionIndex(connection.QueryInt64("SELECT last_insert_rowid()"), spec, isMultikey: false);
        connection.Execute(index.Sql.Create);

        using var writer = new IndexWriter(connection, collection, index);
        using var rows = connection.Prepare(collection.Sql.Forward);
        using var whole = new Wire.PooledBuffer();
        var payloads = new PayloadReader(connection, collection.Sql);
        for (rows.Bind(1, 0); rows.Step();)
        {
            whole.Clear();
            new StoredRow(rows.Blob(1)).Assemble(rows.Int64(0), payloads, whole);
            writer.Prepare(rows.Int64(0), default, whole.WrittenSpan, FieldUse.All);
            writer.Write(rows.Int64(0));
        }

        Catalog = new(Catalog.Collections.SetItem(collectionName, collection with { Indexes = collection.Indexes.Add(index) }));
    }

    public void DropIndex(string collectionName, CollectionIndex index)
    {
        Close(collectionName);
        var collection = Catalog.Find(collectionName)!;
        connection.Execute($"DELETE FROM _idx WHERE id = {index.Id}; {index.Sql.Drop}");
        Catalog = new(Catalog.Collections.SetItem(collectionName, collection with { Indexes = collection.Indexes.Remove(index) }));
    }

    /// <summary>
    /// The rows that match, found before any of them is changed: a change may move a row within the index that is being walked,
    /// and it would be met again.
    /// </summary>
    public List<long> FindRows(Collection collection, Filter filter, long wanted, Action checkTime, Sort? sort = null, RawValue hint = default)
    {
        using var plan = new QueryPlan(collection, Planner.Choose(collection, filter, sort, wanted != 0, hint), filter, checkTime);
        var rows = new List<long>();
        plan.Attach(connection);
        try
        {
            if (!plan.Cursor.Path.IsSorted && sort is not null)
            {
                plan.SortRows(sort, wanted);
                plan.Attach(connection);
            }

            while ((wanted == 0 || rows.Count < wanted) && plan.MoveNext())
            {
                rows.Add(plan.Cursor.Row);
            }

            return rows;
        }
        finally
        {
            plan.Detach();
        }
    }

    /// <summary>Reads everything a collection has and holds its parts against each other.</summary>
    /// <returns>How many rows there are, and what is wrong with them, a sentence each.</returns>
    public (long Rows, List<string> Errors) Check(string name, Action checkTime)
    {
        const int maxErrors = 100;
        var errors = new List<string>();
        var collection = Catalog.Find(name) ?? throw new CommandException(ErrorCode.NamespaceNotFound, "ns not found");
        var payloads = new PayloadReader(connection, collection.Sql);
        var keys = new IndexKeys();
        var expected = new long[collection.Indexes.Length];
        var (rowCount, byteCount) = (0L, 0L);
        using var whole = new Wire.PooledBuffer();
        using var rows = connection.Prepare(collection.Sql.Forward);
        for (rows.Bind(1, 0); rows.Step() && errors.Count < maxErrors; rowCount++)
        {
            checkTime();
            var row = rows.Int64(0);
            whole.Clear();
            try
            {
                new StoredRow(rows.Blob(1)).Assemble(row, payloads, whole);
                Bson.BsonValidator.Validate(whole.WrittenSpan);
            }
            catch (Exception problem) when (problem is InvalidDataException or FormatException)
            {
                errors.Add($"row {row}: {problem.Message}");
                continue;
            }

            byteCount += whole.Count;
            for (var i = 0; i < expected.Length; i++)
            {
                keys.Extract(collection.Indexes[i], whole.WrittenSpan);
                expected[i] += keys.Keys.Count;
                var find = connection.Cached(collection.Indexes[i].Sql.Contains);
                foreach (var key in keys.Keys)
                {
                    if (!find.Bind(1, key).Bind(2, row).Step())
                    {
                        errors.Add($"row {row} is missing from index {collection.Indexes[i].Name}");
                    }

                    find.Reset();
                }
            }
        }

        for (var i = 0; i < expected.Length; i++)
        {
            if (connection.QueryInt64(collection.Indexes[i].Sql.CountAll) != expected[i])
            {
                errors.Add($"index {collection.Indexes[i].Name} has another number of keys than the rows give, {expected[i]}");
            }
        }

        Save(name);
        var counters = collection.Counters;
        if (errors.Count == 0 && (counters.Documents != rowCount || counters.Bytes != byteCount))
        {
            errors.Add($"counters say {counters.Documents} documents of {counters.Bytes} bytes, there are {rowCount} of {byteCount}");
        }

        return (rowCount, errors);
    }

    /// <summary>Writes what is kept in memory until the commit.</summary>
    public void Save()
    {
        foreach (var writer in _writers.Values)
        {
            if (writer.IsDirty)
            {
                writer.SaveCounters();
            }
        }
    }

    /// <summary>The commit has succeeded.</summary>
    public void Publish()
    {
        foreach (var writer in _writers.Values)
        {
            writer.PublishCounters();
        }
    }

    /// <summary>The transaction is undone: whatever was known of it is forgotten.</summary>
    public void Reload()
    {
        Dispose();
        Catalog = Catalog.Load(connection, database);
    }

    public void Dispose()
    {
        foreach (var writer in _writers.Values)
        {
            writer.Dispose();
        }

        _writers.Clear();
    }

    private void Save(string name)
    {
        if (_writers.TryGetValue(name, out var writer) && writer.IsDirty)
        {
            writer.SaveCounters();
        }
    }

    /// <summary>A collection that changes its shape gets a new writer; its counters go on from what was saved.</summary>
    private void Close(string name)
    {
        if (!_writers.Remove(name, out var writer))
        {
            return;
        }

        if (writer.IsDirty)
        {
            writer.SaveCounters();
        }

        writer.PublishCounters();
        writer.Dispose();
    }
}
