using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>How documents are counted.</summary>
public sealed class CountOptions
{
    /// <summary>Anything; it appears in the server's log and profile.</summary>
    public BsonValue? Comment { get; set; }

    /// <summary>The index to use: its name or its keys.</summary>
    public BsonValue? Hint { get; set; }

    public long? Limit { get; set; }

    /// <summary>The server gives up after this time.</summary>
    public TimeSpan? MaxTime { get; set; }

    public long? Skip { get; set; }
}
