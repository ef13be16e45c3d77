namespace Embedded.MongoDB;

/// <summary>What serverStatus reports; approximate by nature, so plain interlocked counters.</summary>
internal sealed class ServerCounters
{
    private long _bytesIn;
    private long _bytesOut;
    private long _requests;
    private long _inserted;
    private long _queries;
    private long _updated;
    private long _deleted;
    private long _getMores;
    private long _commands;

    public long BytesIn => Volatile.Read(ref _bytesIn);
    public long BytesOut => Volatile.Read(ref _bytesOut);
    public long Requests => Volatile.Read(ref _requests);
    public long Inserted => Volatile.Read(ref _inserted);
    public long Queries => Volatile.Read(ref _queries);
    public long Updated => Volatile.Read(ref _updated);
    public long Deleted => Volatile.Read(ref _deleted);
    public long GetMores => Volatile.Read(ref _getMores);
    public long Commands => Volatile.Read(ref _commands);

    public void AddRequest(int bytesIn, int bytesOut)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _bytesIn, bytesIn);
        Interlocked.Add(ref _bytesOut, bytesOut);
    }

    /// <summary>Counts a command the way the real server does: writes by statements, reads by commands.</summary>
    public void AddOperations(string command, int count)
    {
        switch (command)
        {
            case "insert": Interlocked.Add(ref _inserted, count); break;
            case "update": Interlocked.Add(ref _updated, count); break;
            case "delete": Interlocked.Add(ref _deleted, count); break;
            case "find": Interlocked.Increment(ref _queries); break;
            case "getMore": Interlocked.Increment(ref _getMores); break;
            default: Interlocked.Increment(ref _commands); break;
        }
    }
}
