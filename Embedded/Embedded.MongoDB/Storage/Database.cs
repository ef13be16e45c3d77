using Embedded.Hosting;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace Embedded.MongoDB.Storage;

/// <summary>
/// One database: one SQLite file, one writer, a few readers, and a task that keeps the log short and durable.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    /// <summary>Measured: 16 KiB pages write two to three times as fast as 4 KiB ones, because a commit logs whole pages.</summary>
    public const int PageBytes = 16 * 1024;

    /// <summary>
    /// Up to this size a database that was not closed is checked before it is used;
    /// a larger one would keep its users waiting, and has SQLite's log alone.
    /// </summary>
    private const long QuickCheckBytesMax = 64 * 1024 * 1024;

    private readonly CancellationTokenSource _closing = new();
    private readonly ReaderPool _readers;
    private readonly LogSync _log;
    private readonly SqliteConnection _checkpointing;
    private readonly Task _checkpointLoop;
    private readonly ILogger _logger;
    private volatile Catalog _catalog = null!;

    private Database(string name, string path, SqliteConnection writing, SqliteConnection checkpointing, Volume volume, ILogger log)
    {
        _logger = log;
        Name = name;
        Path = path;
        _log = new(path);
        _readers = new(path);
        _checkpointing = checkpointing;
        Writer = new(writing, name, _log, volume, Publish);
        _checkpointLoop = Task.Run(() => new Checkpointer(name, checkpointing, Writer, _log, log).RunAsync(_closing.Token));
    }

    public string Name { get; }

    public string Path { get; }

    public DatabaseWriter Writer { get; }

    /// <summary>The collections as of the last commit.</summary>
    public Catalog Catalog => _catalog;

    /// <summary>Bytes on disk, the log not counted.</summary>
    public long SizeOnDiskBytes => new FileInfo(Path).Length;

    /// <summary>Opens or makes a database file.</summary>
    /// <exception cref="SqliteException">The file cannot be opened, or is no database.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, or was written by a newer release.</exception>
    public static Database Open(string name, string path, int cacheMegabytes, Volume volume, ILogger log)
    {
        var writing = SqliteConnection.OpenWriter(path);
        try
        {
            RefuseForeign(writing, path);

            // The page size can be chosen only before the first table.
            writing.Execute($"PRAGMA page_size = {PageBytes}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0");
            writing.Execute($"PRAGMA cache_size = -{cacheMegabytes * 1024}; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF");
            Prepare(writing, path);

            var checkpointing = SqliteConnection.OpenWriter(path);
            checkpointing.Execute("PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -1024");
            checkpointing.QueryInt64("SELECT count(*) FROM _coll");
            return new(name, path, writing, checkpointing, volume, log);
        }
        catch
        {
            writing.Dispose();
            throw;
        }
    }

    public ValueTask<ReaderPool.Reader> RentReaderAsync(CancellationToken cancellationToken) => _readers.RentAsync(cancellationToken);

    /// <summary>A reading connection of the caller's own.</summary>
    public SqliteConnection OpenReader() => ReaderPool.Open(Path);

    /// <summary>Forces what is committed to the disk and copies the log into the file.</summary>
    public async Task FlushAsync()
    {
        _log.SyncIfDirty();
        await Writer.FinishCheckpointAsync();
    }

    /// <summary>Finishes queued writes, copies the log into the file and marks it as closed in order.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        try
        {
            await _checkpointLoop;
        }
        catch (OperationCanceledException)
        {
            // The loop ends this way.
        }

        await Writer.DisposeAsync();
        _readers.Dispose();
        try
        {
            _checkpointing.Execute("INSERT OR REPLACE INTO _state(id, value) VALUES (1, 0)");
            _checkpointing.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);
        }
        catch (SqliteException problem)
        {
            _logger.ClosedUnclean(Name, problem.Message);           // a full disk; what was committed is in the log
        }

        _checkpointing.Dispose();
        _log.Dispose();
        _closing.Dispose();
    }

    /// <summary>Before anything is written: another program's database must stay as it is.</summary>
    private static void RefuseForeign(SqliteConnection connection, string path)
    {
        if (connection.QueryInt64("PRAGMA user_version") == 0 && connection.QueryInt64("SELECT count(*) FROM sqlite_schema") > 0)
        {
            throw new InvalidDataException($"{path} is the SQLite database of another program");
        }
    }

    private static void Prepare(SqliteConnection connection, string path)
    {
        const int openState = 1;
        var version = connection.QueryInt64("PRAGMA user_version");
        if (version > Catalog.FormatVersion)
        {
            throw new InvalidDataException(
                $"{path} has format {version}, this release knows {Catalog.FormatVersion}: start the newer release, or another --data folder");
        }

        if (version == 0)
        {
            connection.Execute($"BEGIN; {Catalog.CreateTables}; PRAGMA user_version = {Catalog.FormatVersion}; COMMIT");
        }
        else if (connection.QueryInt64("SELECT value FROM _state WHERE id = 1") == openState && new FileInfo(path).Length <= QuickCheckBytesMax)
        {
            var verdict = connection.QueryText("PRAGMA quick_check(1)");
            if (verdict != "ok")
            {
                throw new InvalidDataException($"{path} is damaged: {verdict}");
            }
        }

        connection.Execute($"INSERT OR REPLACE INTO _state(id, value) VALUES (1, {openState})");
    }

    private void Publish(Catalog catalog)
    {
        if (ReferenceEquals(catalog, _catalog))
        {
            return;
        }

        _catalog = catalog;
        _readers.ForgetStatements();
    }
}
