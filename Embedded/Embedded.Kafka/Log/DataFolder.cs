using System.Buffers.Text;
using System.Text.Json;
using Embedded.Hosting;

namespace Embedded.Kafka.Log;

/// <summary>The data folder: who it belongs to, that nobody else uses it, and whether the last stop was an orderly one.</summary>
/// <remarks>
/// <code>
/// broker.json  format number, cluster id        lock         held while a broker runs
/// catalog.log  topics (TopicCatalog)            flush.ckpt   what is on disk for certain (FlushCheckpoint)
/// groups.log   offsets and groups               clean        exists only after an orderly stop; the first thing a start deletes
/// topics/ID/PARTITION/OFFSET.log .idx .snap     by topic id, not name: names may clash on some file systems, ids never come back
/// </code>
/// </remarks>
internal sealed class DataFolder : IDisposable
{
    private const int Format = 1;
    private const string IdentityFile = "broker.json";

    private readonly FileStream _lock;

    private sealed record Identity(int Format, string ClusterId);

    private DataFolder(string path, FileStream heldLock, string clusterId, bool wasCleanStop)
    {
        Path = path;
        _lock = heldLock;
        ClusterId = clusterId;
        WasCleanStop = wasCleanStop;
    }

    public string Path { get; }

    /// <summary>22 URL-safe characters, made once.</summary>
    public string ClusterId { get; }

    public bool WasCleanStop { get; }

    public string CatalogPath => In("catalog.log");

    public string GroupsPath => In("groups.log");

    public string CheckpointPath => In("flush.ckpt");

    /// <exception cref="StartupException">It cannot be made, written to, or is in use.</exception>
    public static DataFolder Open(string path)
    {
        FileStream? held = null;
        try
        {
            MakePrivate(path);
            if (FolderLock.FindForeign(path, IdentityFile, "topics", "lock", IdentityFile + ".new") is { } foreign)
            {
                throw new StartupException($"The data folder {path} holds files of something else ({foreign}). Give an empty one, or one that this broker made, with --data DIR.");
            }

            MakePrivate(System.IO.Path.Combine(path, "topics"));
            held = TakeLock(path);
            var identity = ReadOrMakeIdentity(System.IO.Path.Combine(path, IdentityFile));
            var clean = System.IO.Path.Combine(path, "clean");
            var wasClean = File.Exists(clean);
            File.Delete(clean);
            Disk.FlushDirectory(path);
            return new DataFolder(path, held, identity.ClusterId, wasClean);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            held?.Dispose();
            throw new StartupException(
                $"The data folder {path} cannot be written to ({e.Message}). Give another one with --data DIR, or make it writable.", e);
        }
        catch
        {
            held?.Dispose();
            throw;
        }
    }

    public string PartitionPath(Guid topic, int partition) =>
        System.IO.Path.Combine(Path, "topics", topic.ToString("N"), partition.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The last act of an orderly stop.</summary>
    public void MarkClean() => Disk.ReplaceFile(In("clean"), []);

    public void Dispose() => _lock.Dispose();

    private string In(string name) => System.IO.Path.Combine(Path, name);

    private static void MakePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static FileStream TakeLock(string path) => FolderLock.TryTake(System.IO.Path.Combine(path, "lock"))
        ?? throw new StartupException($"The data folder {path} is in use by another broker. Stop that one, or give another folder with --data DIR.");

    private static Identity? ReadIdentity(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Identity>(File.ReadAllBytes(path));
        }
        catch (JsonException e)
        {
            throw new StartupException($"{path} is damaged. Put back a copy of it, or give another folder with --data DIR.", e);
        }
    }

    private static Identity ReadOrMakeIdentity(string path)
    {
        if (File.Exists(path))
        {
            var identity = ReadIdentity(path);
            return identity is { Format: Format } ? identity
                : throw new StartupException(
                    $"{path} is of format {identity?.Format}; this broker knows {Format}. Use the broker that wrote it, or an empty folder.");
        }

        var made = new Identity(Format, Base64Url.EncodeToString(Guid.NewGuid().ToByteArray()));
        Disk.ReplaceFile(path, JsonSerializer.SerializeToUtf8Bytes(made));
        return made;
    }
}
