using System.Collections.Concurrent;
using Embedded.Hosting;
using Microsoft.Extensions.Logging;

namespace Embedded.MongoDB.Storage;

/// <summary>
/// All databases of a data folder. A lock file keeps a second server out; the system frees it when this process ends, however it ends.
/// </summary>
internal sealed class Store : IAsyncDisposable
{
    private const string LockFile = "server.lock";
    private const int MaxDatabaseCount = 1000;

    private readonly string _folder;
    private readonly int _cacheMegabytes;
    private readonly FileStream _lock;
    private readonly Volume _volume;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<string, Database> _databases = new(StringComparer.Ordinal);
    private readonly Lock _opening = new();

    private Store(string folder, int cacheMegabytes, FileStream lockFile, Volume volume, ILogger log)
    {
        _volume = volume;
        _folder = folder;
        _cacheMegabytes = cacheMegabytes;
        _lock = lockFile;
        _log = log;
    }

    /// <summary>The databases that hold collections.</summary>
    public IEnumerable<Database> Databases => _databases.Values.Where(static database => !database.Catalog.Collections.IsEmpty)
        .OrderBy(static database => database.Name, StringComparer.Ordinal);

    /// <summary>Opens a folder, making it where it is missing, and every database in it.</summary>
    /// <exception cref="StartupException">The folder cannot be used; the message says what to do.</exception>
    public static async Task<Store> OpenAsync(ServerOptions options, ILogger log)
    {
        var folder = options.DataFolder;
        var lockFile = Take(folder);
        var store = new Store(
            folder, options.CacheMegabytes, lockFile, new Volume(Path.GetFullPath(folder), options.MinFreeMegabytes << 20, log), log);
        var file = folder;
        try
        {
            foreach (var found in Directory.EnumerateFiles(folder, "*" + DatabaseName.FileEnding))
            {
                store.Open(DatabaseName.FromFileName(file = found));
            }

            return store;
        }
        catch (Exception problem) when (problem is SqliteException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            await store.DisposeAsync();
            var remedy = problem is SqliteException { IsDamage: true } or InvalidDataException
                ? "move it away, or name another folder with --data"
                : "make room and let this user write there, or name another folder with --data";
            throw new StartupException($"{file} cannot be opened ({problem.Message}): {remedy}");
        }
    }

    private static FileStream Take(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            if (FolderLock.FindForeign(folder, LockFile) is { } foreign)
            {
                throw new StartupException($"the data folder {folder} holds files of something else ({foreign}): name an empty one, or one that this server made, with --data");
            }

            return FolderLock.TryTake(Path.Combine(folder, LockFile))
                ?? throw new StartupException($"the data folder {folder} is in use by another server: stop it, or name another with --data");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartupException(
                $"the data folder {folder} cannot be used ({problem.Message}): make room and let this user write there, or name another with --data");
        }
    }

    public Database? Find(string name) => _databases.GetValueOrDefault(name);

    /// <summary>The database of that name, made where it is missing.</summary>
    public Database Open(string name)
    {
        if (_databases.TryGetValue(name, out var database))
        {
            return database;
        }

        lock (_opening)
        {
            if (_databases.TryGetValue(name, out database))
            {
                return database;
            }

            if (_databases.Count >= MaxDatabaseCount)
            {
                throw new CommandException(ErrorCode.OperationFailed, $"this server holds at most {MaxDatabaseCount} databases");
            }

            foreach (var other in _databases.Keys)
            {
                if (string.Equals(other, name, StringComparison.OrdinalIgnoreCase))
                {
                    throw new CommandException(13297, $"db already exists with different case already have: [{other}] trying to create [{name}]");
                }
            }

            database = Database.Open(name, Path.Combine(_folder, DatabaseName.ToFileName(name)), _cacheMegabytes, _volume, _log);
            _databases[name] = database;
            return database;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases.Values)
        {
            await database.DisposeAsync();
        }

        await _lock.DisposeAsync();
    }
}
