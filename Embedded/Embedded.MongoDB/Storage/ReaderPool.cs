using System.Collections.Concurrent;

namespace Embedded.MongoDB.Storage;

/// <summary>
/// Reading connections to one database file. A reader is rented for one batch of one request and never kept across a
/// client's pause: an open read would keep the log from shrinking.
/// </summary>
internal sealed class ReaderPool(string path) : IDisposable
{
    private const int MaxReaderCount = 8;

    private readonly SemaphoreSlim _free = new(MaxReaderCount, MaxReaderCount);
    private readonly ConcurrentBag<(SqliteConnection Connection, int Generation)> _idle = [];
    private volatile int _generation;

    public async ValueTask<Reader> RentAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            var generation = _generation;
            while (_idle.TryTake(out var idle))
            {
                if (idle.Generation != generation)
                {
                    idle.Connection.ForgetStatements();
                }

                return new(this, idle.Connection, generation);
            }

            return new(this, Open(path), generation);
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    /// <summary>A reading connection that no pool knows.</summary>
    public static SqliteConnection Open(string path)
    {
        var connection = SqliteConnection.OpenReader(path);
        connection.Execute("PRAGMA mmap_size = 68719476736; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY; PRAGMA query_only = 1");
        return connection;
    }

    /// <summary>Tables have gone: idle readers forget their statements before they are used again.</summary>
    public void ForgetStatements() => Interlocked.Increment(ref _generation);

    public void Dispose()
    {
        while (_idle.TryTake(out var idle))
        {
            idle.Connection.Dispose();
        }

        _free.Dispose();
    }

    private void Return(SqliteConnection connection, int generation)
    {
        _idle.Add((connection, generation));
        _free.Release();
    }

    /// <summary>A rented connection; disposing of it gives it back.</summary>
    internal sealed class Reader(ReaderPool pool, SqliteConnection connection, int generation) : IDisposable
    {
        private bool _isReturned;

        public SqliteConnection Connection => connection;

        public void Dispose()
        {
            if (_isReturned)
            {
                return;
            }

            _isReturned = true;
            pool.Return(connection, generation);
        }
    }
}
