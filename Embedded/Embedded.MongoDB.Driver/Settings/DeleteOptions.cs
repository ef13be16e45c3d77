using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>How documents are deleted.</summary>
public class DeleteOptions
{
    /// <summary>Anything; it appears in the server's log and profile.</summary>
    public BsonValue? Comment { get; set; }

    /// <summary>The index to use: its name or its keys.</summary>
    public BsonValue? Hint { get; set; }

    /// <summary>Variables that expressions may use.</summary>
    public BsonDocument? Let { get; set; }
}
