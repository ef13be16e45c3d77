namespace MongoDB.Driver;

/// <summary>A query failed while its results were being read.</summary>
public class MongoQueryException : MongoServerException
{
    internal MongoQueryException(string message) : base(message) { }

    internal MongoQueryException(string message, Exception? innerException) : base(message, innerException) { }
}
