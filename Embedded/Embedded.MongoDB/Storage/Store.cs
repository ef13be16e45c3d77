using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Embedded.MongoDB.Storage;

/// <summary>All databases of a data folder. A lock file keeps a second server out; the system frees it when this process ends, however it ends.</summary>
internal sealed class Store : IAsyncDisposable
{
    private const string LockFile = "server.lock";
    private const int MaxDatabaseCount = 1000;

    private readonly string _folder;
    private readonly int _cacheMegabytes;
    private readonly FileStream _lock;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<string, Database> _databases = new(StringComparer.Ordinal);
    private readonly Lock _opening = new();

    private Store(string folder, int cacheMegabytes, FileStream lockFile, ILogger log)
    {
        _folder = folder;
        _cacheMegabytes = cacheMegabytes;
        _lock = lockFile;
        _log = log;
    }

    /// <summary>The databases that hold collections.</summary>
    public IEnumerable<Database> Databases => _databases.Values.Where(static database => !database.Catalog.Collections.IsEmpty).OrderBy(static database => database.Name, StringComparer.Ordinal);

    /// <summary>Opens a folder, making it where it is missing, and every database in it.</summary>
    /// <exception cref="StartupException">The folder cannot be used; the message says what to do.</exception>
    public static async Task<Store> OpenAsync(string folder, int cacheMegabytes, ILogger log)
    {
        FileStream lockFile;
        try
        {
            Directory.CreateDirectory(folder);
            lockFile = new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException)
        {
            throw new StartupException($"the data folder {folder} cannot be written: give this user the right to, or name another with --data");
        }
        catch (IOException problem) when (File.Exists(Path.Combine(folder, LockFile)))
        {
            throw new StartupException($"the data folder {folder} is in use by another server ({problem.Message}): stop it, or name another with --data");
        }
        catch (IOException problem)
        {
            throw new StartupException($"the data folder {folder} cannot be used ({problem.Message}): name another with --data");
        }

        var store = new Store(folder, cacheMegabytes, lockFile, log);
        try
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*" + DatabaseName.FileEnding))
                store.Open(DatabaseName.FromFileName(file));
            return store;
        }
        catch (Exception problem) when (problem is SqliteException or InvalidDataException)
        {
            await store.DisposeAsync();
            throw new StartupException($"a database in {folder} cannot be opened: {problem.Message}");
        }
    }

    public Database? Find(string name) => _databases.GetValueOrDefault(name);

    /// <summary>The database of that name, made where it is missing.</summary>
    public Database Open(string name)
    {
        if (_databases.TryGetValue(name, out var database))
            return database;

        lock (_opening)
        {
            if (_databases.TryGetValue(name, out database))
                return database;
            if (_databases.Count >= MaxDatabaseCount)
                throw new CommandException(ErrorCode.OperationFailed, $"this server holds at most {MaxDatabaseCount} databases");
            foreach (var other in _databases.Keys)
            {
                if (string.Equals(other, name, StringComparison.OrdinalIgnoreCase))
                    throw new CommandException(13297, $"db already exists with different case already have: [{other}] trying to create [{name}]");
            }

            database = Database.Open(name, Path.Combine(_folder, DatabaseName.ToFileName(name)), _cacheMegabytes, _log);
            _databases[name] = database;
            return database;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases.Values)
            await database.DisposeAsync();
        await _lock.DisposeAsync();
    }
}
