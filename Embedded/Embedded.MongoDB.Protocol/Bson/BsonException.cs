namespace MongoDB.Bson;

/// <summary>Something about BSON went wrong.</summary>
public class BsonException : Exception
{
    public BsonException() { }

    public BsonException(string message) : base(message) { }

    public BsonException(string message, Exception innerException) : base(message, innerException) { }
}
