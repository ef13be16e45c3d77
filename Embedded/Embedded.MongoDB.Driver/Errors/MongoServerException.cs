namespace MongoDB.Driver;

/// <summary>The server answered, and the answer is an error.</summary>
public class MongoServerException : MongoException
{
    public MongoServerException(string message) : base(message) { }

    public MongoServerException(string message, Exception? innerException) : base(message, innerException) { }
}
