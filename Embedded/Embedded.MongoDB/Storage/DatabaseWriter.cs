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
        if (Transact(FillGroup) is not { } problem)
        {
            CompleteGroup();
        }
        else if (_group.Count > 1)
        {
            RunOneByOne();
        }
        else if (_group.Count == 1)
        {
            _group[0].Fail(problem);
        }
        else if (_jobs.Reader.TryRead(out var first))
        {
            first.Fail(problem);                                    // not even a transaction could begin
        }
    }

    /// <summary>One transaction, which is committed or undone. Whatever fails comes back as a value: this task must go on.</summary>
    private Exception? Transact(Action work)
    {
        if (!_isUndone && TryUndo() is { } cause)
        {
            return new UndoException(cause);
        }

        try
        {
            _connection.Execute("BEGIN IMMEDIATE");
            work();
            Commit();
            return null;
        }
        catch (Exception problem)
        {
            TryUndo();
            return problem;
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
    }

    /// <summary>The commit stands. A sync that fails breaks the promise to those who asked for one, and to nobody else.</summary>
    private void CompleteGroup()
    {
        var unsynced = _group.Exists(static job => job.IsDurable) ? TrySync() : null;
        foreach (var job in _group)
        {
            if (unsynced is not null && job.IsDurable)
            {
                job.Fail(unsynced);
            }
            else
            {
                job.Complete();
            }
        }
    }

    private Exception? TrySync()
    {
        try
        {
            _log.Sync();
            return null;
        }
        catch (Exception problem)
        {
            return problem;
        }
    }

    /// <summary>One job has failed for a reason nobody foresaw: its neighbours must not suffer, and must not be told twice.</summary>
    private void RunOneByOne()
    {
        foreach (var job in _group.ToArray())
        {
            _group.Clear();
            _group.Add(job);
            if (Transact(() => job.Execute(_session)) is { } problem)
            {
                job.Fail(problem);
            }
            else
            {
                CompleteGroup();
            }
        }
    }

    /// <summary>What cannot be undone now is undone before the next transaction; until then each is refused.</summary>
    private Exception? TryUndo()
    {
        try
        {
            Undo();
            return null;
        }
        catch (Exception problem)
        {
            _isUndone = false;
            return problem;
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
