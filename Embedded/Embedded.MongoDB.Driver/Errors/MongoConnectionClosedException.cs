namespace MongoDB.Driver;

/// <summary>The server closed the connection.</summary>
public class MongoConnectionClosedException : MongoConnectionException
{
    internal MongoConnectionClosedException(string message) : base(message) { }

    internal MongoConnectionClosedException(string message, Exception? innerException) : base(message, innerException) { }
}
