using Microsoft.Extensions.Logging;

namespace Embedded.Hosting;

/// <summary>The volume under a data folder. Writes stop before it is full, because a full disk tears them.</summary>
internal sealed partial class Volume(string directory, long minFreeBytes, ILogger log)
{
    private const long CheckIntervalMs = 1000;

    private readonly DriveInfo _drive = new(directory);
    private long _checkedMs = -CheckIntervalMs;
    private int _isFull;

    /// <summary>Looked up once a second; many writes share one look.</summary>
    public bool HasRoom
    {
        get
        {
            var nowMs = Environment.TickCount64;
            if (nowMs - Volatile.Read(ref _checkedMs) >= CheckIntervalMs)
            {
                Volatile.Write(ref _checkedMs, nowMs);
                Look();
            }
            return Volatile.Read(ref _isFull) == 0;
        }
    }

    private void Look()
    {
        var isFull = _drive.AvailableFreeSpace < minFreeBytes;
        if (Interlocked.Exchange(ref _isFull, isFull ? 1 : 0) == (isFull ? 1 : 0))
        {
            return;
        }

        if (isFull)
        {
            LogFull(log, directory, minFreeBytes >> 20);
        }
        else
        {
            LogRoom(log, directory);
        }
    }

    [LoggerMessage(EventId = 900, EventName = "volume.full", Level = LogLevel.Error,
        Message = "The volume of {Directory} has less than {MinFree} MiB free: writes are refused until there is room")]
    private static partial void LogFull(ILogger log, string directory, long minFree);

    [LoggerMessage(EventId = 901, EventName = "volume.room", Level = LogLevel.Information,
        Message = "The volume of {Directory} has room again: writes go on")]
    private static partial void LogRoom(ILogger log, string directory);
}
