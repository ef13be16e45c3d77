using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>How a document is inserted.</summary>
public sealed class InsertOneOptions
{
    /// <summary>True stores documents that the collection's validator refuses.</summary>
    public bool? BypassDocumentValidation { get; set; }

    /// <summary>Anything; it appears in the server's log and profile.</summary>
    public BsonValue? Comment { get; set; }
}
