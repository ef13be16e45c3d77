namespace MongoDB.Driver;

/// <summary>The server refused the write of a single document. The inner exception is the one of the bulk it was sent as.</summary>
public class MongoWriteException : MongoServerException
{
    internal MongoWriteException(WriteError? writeError, WriteConcernError? writeConcernError, Exception innerException)
        : base($"A write operation resulted in an error. {writeError?.Message ?? writeConcernError?.Message}", innerException) =>
        (WriteError, WriteConcernError) = (writeError, writeConcernError);

    public WriteConcernError? WriteConcernError { get; }

    public WriteError? WriteError { get; }
}
