using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>How documents are inserted.</summary>
public sealed class InsertManyOptions
{
    /// <summary>True stores documents that the collection's validator refuses.</summary>
    public bool? BypassDocumentValidation { get; set; }

    /// <summary>Anything; it appears in the server's log and profile.</summary>
    public BsonValue? Comment { get; set; }

    /// <summary>True stops at the first error; false tries all.</summary>
    public bool IsOrdered { get; set; } = true;
}
