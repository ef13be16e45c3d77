using SQLitePCL;

namespace Embedded.MongoDB.Storage;

/// <summary>
/// A prepared statement. Columns are read in place: a span is valid until the next <see cref="Step"/> or <see cref="Reset"/>.
/// An open read keeps the write-ahead log from shrinking, so every use ends in <see cref="Reset"/>.
/// </summary>
internal sealed class Statement(SqliteConnection connection, sqlite3_stmt handle) : IDisposable
{
    public Statement Bind(int index, long value)
    {
        connection.Check(raw.sqlite3_bind_int64(handle, index, value));
        return this;
    }

    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        connection.Check(raw.sqlite3_bind_blob(handle, index, value));
        return this;
    }

    public Statement Bind(int index, string value)
    {
        connection.Check(raw.sqlite3_bind_text(handle, index, value));
        return this;
    }

    /// <summary>True: there is a row. Anything but a row or the end throws, and leaves the statement reset.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(handle);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        if (result == raw.SQLITE_DONE)
        {
            return false;
        }

        try
        {
            connection.Check(result);
            return false;
        }
        finally
        {
            raw.sqlite3_reset(handle);
        }
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(handle, column);

    public string Text(int column) => raw.sqlite3_column_text(handle, column).utf8_to_string() ?? "";

    public void Reset() => raw.sqlite3_reset(handle);

    public void Dispose() => handle.Dispose();
}
