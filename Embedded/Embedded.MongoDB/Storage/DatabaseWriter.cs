using System.Diagnostics;
using System.Threading.Channels;
using Embedded.Hosting;
using SQLitePCL;

namespace Embedded.MongoDB.Storage;

/// <summary>
/// The one task that writes to a database file. It takes what is queued into one transaction and completes those requests
/// after the commit, so many small writers share one commit and nobody is told of a write that a crash would undo.
/// </summary>
/// <remarks>
/// A commit hands the log to the operating system: it survives the death of this process, and a power failure from the
/// next sync on (at most 100 ms later, see <see cref="LogSync"/>). Jobs that promise more wait for a sync of their own.
/// </remarks>
internal sealed class DatabaseWriter : IAsyncDisposable
{
    private const int MaxQueuedJobs = 4096;
    private const int MaxGroupOperations = 4000;
    private const long MaxGroupBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan MaxGroupTime = TimeSpan.FromMilliseconds(5);

    private readonly Channel<WriteJob> _jobs = Channel.CreateBounded<WriteJob>(
        new BoundedChannelOptions(MaxQueuedJobs) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly SqliteConnection _connection;
    private readonly WriteSession _session;
    private readonly LogSync _log;
    private readonly Volume _volume;
    private readonly Action<Catalog> _publish;
    private readonly List<WriteJob> _group = [];
    private readonly Task _loop;
    private long _pagesWritten;
    private bool _isUndone = true;

    /// <param name="connection">The writing connection, which becomes this object's own.</param>
    /// <param name="database">The database's name.</param>
    /// <param name="log">Makes commits survive a power failure.</param>
    /// <param name="volume">Where it is written.</param>
    /// <param name="publish">Shows readers the catalog after a commit that changed it.</param>
    public DatabaseWriter(SqliteConnection connection, string database, LogSync log, Volume volume, Action<Catalog> publish)
    {
        _connection = connection;
        _session = new(connection, database);
        _log = log;
        _volume = volume;
        _publish = publish;
        publish(_session.Catalog);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Pages in the write-ahead log since it was last told to start over.</summary>
    public long PagesWritten => Volatile.Read(ref _pagesWritten);

    /// <summary>Queues work and waits until it is committed.</summary>
    /// <exception cref="CommandException">The work was refused, it brings bytes and the volume has no room, or the server stops.</exception>
    public async Task<T> WriteAsync<T>(
        Func<WriteSession, T> work, int operationCount = 1, long byteCount = 0, bool isDurable = false, bool isExclusive = false)
    {
        if (byteCount > 0 && !_volume.HasRoom)
        {
            throw new CommandException(ErrorCode.OutOfDiskSpace, "the volume of the data folder is nearly full: make room there, and writes go on");
        }

        var job = new WriteJob<T>(work) { OperationCount = operationCount, ByteCount = byteCount, IsDurable = isDurable, IsExclusive = isExclusive };
        try
        {
            await _jobs.Writer.WriteAsync(job);
        }
        catch (ChannelClosedException)
        {
            throw new CommandException(ErrorCode.ShutdownInProgress, "the server is stopping");
        }

        return await job.Completion;
    }

    /// <summary>Copies what is left of the log into the database file between two transactions, so that the log starts over.</summary>
    public Task<bool> FinishCheckpointAsync() => WriteAsync(
        session =>
        {
            _connection.Execute("COMMIT");
            var result = _connection.Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);
            _connection.Execute("BEGIN IMMEDIATE");
            var isComplete = result is { } frames && frames.LogFrames == frames.CopiedFrames;
            if (isComplete)
            {
                Volatile.Write(ref _pagesWritten, 0);
            }

            return isComplete;
        },
        isExclusive: true);

    /// <summary>Finishes what is queued and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        await _loop;
        _session.Dispose();
        _connection.Dispose();
    }

    private async Task RunAsync()
    {
        while (await _jobs.Reader.WaitToReadAsync())
        {
            while (_jobs.Reader.TryPeek(out _))
            {
                RunGroup();
            }
        }
    }

    private void RunGroup()
    {
        _group.Clear();
        try
        {
            if (!_isUndone)
            {
                Undo();
            }

            _connection.Execute("BEGIN IMMEDIATE");
            FillGroup();
            Commit();
        }
        catch (Exception problem)
        {
            TryUndo();
            if (_group.Count == 0 && _jobs.Reader.TryRead(out var first))
            {
                first.Fail(problem);                                // not even a transaction could begin
            }
            else if (_group.Count == 1)
            {
                _group[0].Fail(problem);
            }
            else
            {
                RunOneByOne();
            }

            return;
        }

        foreach (var job in _group)
        {
            job.Complete();
        }
    }

    private void FillGroup()
    {
        var started = Stopwatch.GetTimestamp();
        var (operations, bytes) = (0, 0L);
        while (operations < MaxGroupOperations && bytes < MaxGroupBytes && (operations == 0 || Stopwatch.GetElapsedTime(started) < MaxGroupTime))
        {
            if (!_jobs.Reader.TryPeek(out var next) || (next.IsExclusive && _group.Count > 0) || !_jobs.Reader.TryRead(out var job))
            {
                return;
            }

            _group.Add(job);
            job.Execute(_session);
            operations += job.OperationCount;
            bytes += job.ByteCount;
            if (job.IsExclusive)
            {
                return;
            }
        }
    }

    private void Commit()
    {
        _session.Save();
        var catalog = _session.Catalog;
        _connection.Execute("COMMIT");
        Volatile.Write(ref _pagesWritten, _pagesWritten + _connection.TakePagesWritten());
        _session.Publish();
        _publish(catalog);
        _log.MarkDirty();
        if (_group.Exists(static job => job.IsDurable))
        {
            _log.Sync();
        }
    }

    /// <summary>One job has failed for a reason nobody foresaw: its neighbours must not suffer, and must not be told twice.</summary>
    private void RunOneByOne()
    {
        foreach (var job in _group.ToArray())
        {
            _group.Clear();
            _group.Add(job);
            try
            {
                if (!_isUndone)
                {
                    Undo();
                }

                _connection.Execute("BEGIN IMMEDIATE");
                job.Execute(_session);
                Commit();
                job.Complete();
            }
            catch (Exception problem)
            {
                TryUndo();
                job.Fail(problem);
            }
        }
    }

    /// <summary>What cannot be undone now, because the disk fails, is undone before the next transaction; until then each is refused.</summary>
    private void TryUndo()
    {
        try
        {
            Undo();
        }
        catch (SqliteException)
        {
            _isUndone = false;
        }
    }

    private void Undo()
    {
        // Disposing of the statements first: an open read would keep the rollback from finishing.
        _session.Dispose();
        if (_connection.IsInTransaction)
        {
            _connection.Execute("ROLLBACK");
        }

        _session.Reload();
        _isUndone = true;
    }
}
