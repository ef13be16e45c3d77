using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>How the values of a field are collected.</summary>
public sealed class DistinctOptions
{
    /// <summary>Anything; it appears in the server's log and profile.</summary>
    public BsonValue? Comment { get; set; }

    /// <summary>The server gives up after this time.</summary>
    public TimeSpan? MaxTime { get; set; }
}
