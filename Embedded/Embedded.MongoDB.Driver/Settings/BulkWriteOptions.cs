using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>How a bulk is written.</summary>
public sealed class BulkWriteOptions
{
    /// <summary>True stores documents that the collection's validator refuses.</summary>
    public bool? BypassDocumentValidation { get; set; }

    /// <summary>Anything; it appears in the server's log and profile.</summary>
    public BsonValue? Comment { get; set; }

    /// <summary>True stops at the first error; false tries all.</summary>
    public bool IsOrdered { get; set; } = true;

    /// <summary>Variables that expressions may use.</summary>
    public BsonDocument? Let { get; set; }
}
