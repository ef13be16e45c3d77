using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>How a query runs, whatever its results are.</summary>
public abstract class FindOptionsBase
{
    private protected FindOptionsBase() { }

    /// <summary>True lets the server use files for what does not fit into memory.</summary>
    public bool? AllowDiskUse { get; set; }

    /// <summary>Documents in one reply; null leaves it to the server.</summary>
    public int? BatchSize { get; set; }

    /// <summary>Anything; it appears in the server's log and profile.</summary>
    public BsonValue? Comment { get; set; }

    /// <summary>The index to use: its name or its keys.</summary>
    public BsonValue? Hint { get; set; }

    /// <summary>Variables that expressions may use.</summary>
    public BsonDocument? Let { get; set; }

    /// <summary>The server gives up after this time.</summary>
    public TimeSpan? MaxTime { get; set; }

    /// <summary>True keeps the cursor however long nobody reads from it.</summary>
    public bool? NoCursorTimeout { get; set; }
}
