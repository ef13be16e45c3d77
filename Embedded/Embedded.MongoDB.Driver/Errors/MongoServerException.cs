namespace MongoDB.Driver;

/// <summary>The server answered, and the answer is an error.</summary>
public class MongoServerException : MongoException
{
    internal MongoServerException(string message) : base(message) { }

    internal MongoServerException(string message, Exception? innerException) : base(message, innerException) { }
}
