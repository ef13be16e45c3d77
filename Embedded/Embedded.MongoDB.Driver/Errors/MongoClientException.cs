namespace MongoDB.Driver;

/// <summary>The driver refused before it asked the server.</summary>
public class MongoClientException : MongoException
{
    public MongoClientException(string message) : base(message) { }

    public MongoClientException(string message, Exception? innerException) : base(message, innerException) { }
}
