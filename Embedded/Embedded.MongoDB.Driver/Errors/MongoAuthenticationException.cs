namespace MongoDB.Driver;

/// <summary>The server did not accept who we say we are.</summary>
public class MongoAuthenticationException : MongoConnectionException
{
    public MongoAuthenticationException(string message) : base(message) { }

    public MongoAuthenticationException(string message, Exception? innerException) : base(message, innerException) { }
}
