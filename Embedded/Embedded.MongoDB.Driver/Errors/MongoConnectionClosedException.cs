namespace MongoDB.Driver;

/// <summary>The server closed the connection.</summary>
public class MongoConnectionClosedException : MongoConnectionException
{
    public MongoConnectionClosedException(string message) : base(message) { }

    public MongoConnectionClosedException(string message, Exception? innerException) : base(message, innerException) { }
}
