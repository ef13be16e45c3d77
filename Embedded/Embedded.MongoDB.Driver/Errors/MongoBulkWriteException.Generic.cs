namespace MongoDB.Driver;

/// <summary>The server refused some writes of a bulk: which, what was done, and what was not tried.</summary>
public sealed class MongoBulkWriteException<TDocument> : MongoBulkWriteException
{
    internal MongoBulkWriteException(
        BulkWriteResult<TDocument> result,
        IReadOnlyList<BulkWriteError> writeErrors,
        WriteConcernError? writeConcernError,
        IReadOnlyList<WriteModel<TDocument>> unprocessedRequests) : base(writeErrors, writeConcernError) =>
        (Result, UnprocessedRequests) = (result, unprocessedRequests);

    /// <summary>What was done all the same.</summary>
    public BulkWriteResult<TDocument> Result { get; }

    /// <summary>What was not tried, because an ordered bulk stops at its first error.</summary>
    public IReadOnlyList<WriteModel<TDocument>> UnprocessedRequests { get; }
}
