namespace MongoDB.Driver;

/// <summary>The server refused some writes of a bulk; the others may have been executed.</summary>
public abstract class MongoBulkWriteException : MongoServerException
{
    private protected MongoBulkWriteException(IReadOnlyList<BulkWriteError> writeErrors, WriteConcernError? writeConcernError)
        : base(Describe(writeErrors, writeConcernError)) => (WriteErrors, WriteConcernError) = (writeErrors, writeConcernError);

    public WriteConcernError? WriteConcernError { get; }

    /// <summary>One for each write that was refused, by position.</summary>
    public IReadOnlyList<BulkWriteError> WriteErrors { get; }

    private static string Describe(IReadOnlyList<BulkWriteError> errors, WriteConcernError? concern) => errors.Count switch
    {
        0 => $"A bulk write operation resulted in a write concern error: {concern?.Message}",
        1 => $"A bulk write operation resulted in one or more errors. WriteErrors: [ {errors[0].Index}: {errors[0].Message} ].",
        var count => $"A bulk write operation resulted in one or more errors. {count} WriteErrors, the first: [ {errors[0].Index}: {errors[0].Message} ].",
    };
}
