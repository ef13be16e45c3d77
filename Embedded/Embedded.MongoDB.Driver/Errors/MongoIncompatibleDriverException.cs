namespace MongoDB.Driver;

/// <summary>Driver and server have no protocol version in common.</summary>
public class MongoIncompatibleDriverException : MongoClientException
{
    public MongoIncompatibleDriverException(string message) : base(message) { }

    public MongoIncompatibleDriverException(string message, Exception? innerException) : base(message, innerException) { }
}
