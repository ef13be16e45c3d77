namespace MongoDB.Bson;

/// <summary>A value has no form in BSON, or the other way round.</summary>
public class BsonSerializationException : BsonException
{
    public BsonSerializationException() { }

    public BsonSerializationException(string message) : base(message) { }

    public BsonSerializationException(string message, Exception innerException) : base(message, innerException) { }
}
