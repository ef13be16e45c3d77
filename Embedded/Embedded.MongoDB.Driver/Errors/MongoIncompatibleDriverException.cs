namespace MongoDB.Driver;

/// <summary>Driver and server have no protocol version in common.</summary>
public class MongoIncompatibleDriverException : MongoClientException
{
    internal MongoIncompatibleDriverException(string message) : base(message) { }

    internal MongoIncompatibleDriverException(string message, Exception? innerException) : base(message, innerException) { }
}
