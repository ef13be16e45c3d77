using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>How a document is replaced.</summary>
public class ReplaceOptions
{
    /// <summary>True stores documents that the collection's validator refuses.</summary>
    public bool? BypassDocumentValidation { get; set; }

    /// <summary>Anything; it appears in the server's log and profile.</summary>
    public BsonValue? Comment { get; set; }

    /// <summary>The index to use: its name or its keys.</summary>
    public BsonValue? Hint { get; set; }

    /// <summary>True inserts where nothing matches.</summary>
    public bool IsUpsert { get; set; }

    /// <summary>Variables that expressions may use.</summary>
    public BsonDocument? Let { get; set; }
}
