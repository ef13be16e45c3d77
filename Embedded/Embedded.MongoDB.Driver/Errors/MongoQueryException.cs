namespace MongoDB.Driver;

/// <summary>A query failed while its results were being read.</summary>
public class MongoQueryException : MongoServerException
{
    public MongoQueryException(string message) : base(message) { }

    public MongoQueryException(string message, Exception? innerException) : base(message, innerException) { }
}
