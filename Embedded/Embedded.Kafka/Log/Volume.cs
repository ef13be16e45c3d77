namespace Embedded.Kafka.Log;

/// <summary>The volume under the data folder. Appends stop before it is full, because a full disk tears writes.</summary>
internal sealed class Volume(string directory, long minFreeBytes)
{
    private const long CheckIntervalMs = 1000;

    private readonly DriveInfo _drive = new(directory);
    private long _checkedMs = -CheckIntervalMs;
    private bool _hasRoom = true;

    /// <summary>Looked up once a second; many appends share one look.</summary>
    public bool HasRoom
    {
        get
        {
            var nowMs = Environment.TickCount64;
            if (nowMs - Volatile.Read(ref _checkedMs) < CheckIntervalMs) return Volatile.Read(ref _hasRoom);
            Volatile.Write(ref _checkedMs, nowMs);
            Volatile.Write(ref _hasRoom, _drive.AvailableFreeSpace >= minFreeBytes);
            return _hasRoom;
        }
    }
}
