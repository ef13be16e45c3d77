using Microsoft.Win32.SafeHandles;

namespace Embedded.MongoDB.Storage;

/// <summary>
/// Forces a database's write-ahead log to the disk. The log's handle stays open: the log file lives as long as the
/// database is open. (The database file itself must never be opened here: closing any handle on it would drop SQLite's locks.)
/// </summary>
internal sealed class LogSync(string databasePath) : IDisposable
{
    private readonly Lock _lock = new();
    private SafeFileHandle? _log;
    private volatile bool _isDirty;

    /// <summary>There are commits that a power failure would undo.</summary>
    public void MarkDirty() => _isDirty = true;

    /// <summary>Makes every commit so far survive a power failure.</summary>
    public void Sync()
    {
        lock (_lock)
        {
            _isDirty = false;
            _log ??= File.OpenHandle(databasePath + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            try
            {
                RandomAccess.FlushToDisk(_log);
            }
            catch
            {
                _isDirty = true;
                throw;
            }
        }
    }

    /// <summary>Syncs where there is something to sync.</summary>
    public void SyncIfDirty()
    {
        if (_isDirty)
        {
            Sync();
        }
    }

    public void Dispose() => _log?.Dispose();
}
