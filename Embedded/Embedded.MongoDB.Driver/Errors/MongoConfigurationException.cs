namespace MongoDB.Driver;

/// <summary>A connection string or a setting makes no sense.</summary>
public class MongoConfigurationException : MongoClientException
{
    public MongoConfigurationException(string message) : base(message) { }

    public MongoConfigurationException(string message, Exception? innerException) : base(message, innerException) { }
}
