using SQLitePCL;

namespace Embedded.MongoDB.Storage;

/// <summary>
/// One connection to a database file, used by one thread at a time. The raw API, because at tens of thousands of
/// statements a second the layers of a database provider cost more than SQLite itself.
/// </summary>
internal sealed class SqliteConnection : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly Dictionary<string, Statement> _statements = [];

    static SqliteConnection() => Batteries_V2.Init();

    private SqliteConnection(sqlite3 handle) => _handle = handle;

    /// <summary>The version of the SQLite library in use.</summary>
    public static string LibraryVersion => raw.sqlite3_libversion().utf8_to_string();

    public bool IsInTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Pages this connection has written to the write-ahead log since it was last asked.</summary>
    public int TakePagesWritten()
    {
        const int cacheWrite = 9;                      // SQLITE_DBSTATUS_CACHE_WRITE
        raw.sqlite3_db_status(_handle, cacheWrite, out var current, out _, resetFlg: 1);
        return current;
    }

    public static SqliteConnection OpenWriter(string path) =>
        Open(path, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX);

    public static SqliteConnection OpenReader(string path) =>
        Open(path, raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_NOMUTEX);

    /// <summary>Runs statements that give no rows.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>The first column of the first row, 0 where there is none.</summary>
    public long QueryInt64(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Int64(0) : 0;
    }

    /// <summary>The first column of the first row, empty where there is none.</summary>
    public string QueryText(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Text(0) : "";
    }

    /// <summary>A statement of the caller's own, to be disposed of by the caller.</summary>
    public Statement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_handle, sql, out var statement));
        return new Statement(this, statement);
    }

    /// <summary>A statement that this connection keeps: prepared at its first use, then only reset.</summary>
    public Statement Cached(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements.Add(sql, statement = Prepare(sql));
        }

        return statement;
    }

    /// <summary>Forgets cached statements that mention a table which is gone.</summary>
    public void ForgetStatements()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
    }

    /// <summary>Copies the write-ahead log into the database file as far as nobody is in the way.</summary>
    /// <returns>Frames in the log, and how many of them are in the database file now; null when another checkpoint runs.</returns>
    public (int LogFrames, int CopiedFrames)? Checkpoint(int mode)
    {
        var result = raw.sqlite3_wal_checkpoint_v2(_handle, "main", mode, out var logFrames, out var copiedFrames);
        if ((result & 0xff) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            return null;
        }

        Check(result);
        return (logFrames, copiedFrames);
    }

    public void Check(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new SqliteException(raw.sqlite3_extended_errcode(_handle), raw.sqlite3_errmsg(_handle).utf8_to_string());
        }
    }

    public void Dispose()
    {
        ForgetStatements();
        _handle.Dispose();
    }

    private static SqliteConnection Open(string path, int flags)
    {
        var result = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var connection = new SqliteConnection(handle);
        try
        {
            connection.Check(result);
            raw.sqlite3_busy_timeout(handle, 10_000);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
