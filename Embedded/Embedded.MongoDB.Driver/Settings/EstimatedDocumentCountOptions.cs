using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>How the number of documents is looked up.</summary>
public sealed class EstimatedDocumentCountOptions
{
    /// <summary>Anything; it appears in the server's log and profile.</summary>
    public BsonValue? Comment { get; set; }

    /// <summary>The server gives up after this time.</summary>
    public TimeSpan? MaxTime { get; set; }
}
