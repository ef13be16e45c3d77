using MongoDB.Driver;

namespace Pipeline.DbConsumer;

/// <summary>Whether a write failed because of its document, which would fail for ever, or because of the store, which is waited for.</summary>
internal static class WriteFault
{
    /// <summary>Codes of MongoDB's error table (<c>error_codes.yml</c>) that speak of one document.</summary>
    private static readonly HashSet<int> OfTheDocument =
    [
        2,          // BadValue
        9,          // FailedToParse
        14,         // TypeMismatch
        28,         // PathNotViable: a stranger's document has another shape
        52,         // DollarPrefixedFieldName
        57,         // DottedFieldName
        121,        // DocumentValidationFailure
        10334,      // BSONObjectTooLarge
        11000,      // DuplicateKey
        16755,      // a geospatial index cannot hold the value
        17280,      // KeyTooLong
        17419,      // the document grows beyond 16 MB
    ];

    public static bool IsOfTheDocument(BulkWriteError error) => OfTheDocument.Contains(error.Code);

    /// <summary>The id is there already; any other duplicate key is that of an index which somebody made.</summary>
    public static bool IsTakenId(BulkWriteError error) =>
        error.Category == ServerErrorCategory.DuplicateKey && error.Message.Contains(" index: _id_ ", StringComparison.Ordinal);
}
