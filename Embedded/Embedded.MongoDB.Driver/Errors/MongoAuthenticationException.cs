namespace MongoDB.Driver;

/// <summary>The server did not accept who we say we are.</summary>
public class MongoAuthenticationException : MongoConnectionException
{
    internal MongoAuthenticationException(string message) : base(message) { }

    internal MongoAuthenticationException(string message, Exception? innerException) : base(message, innerException) { }
}
