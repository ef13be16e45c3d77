namespace MongoDB.Bson.Serialization;

/// <summary>Bytes and text to documents. Only <see cref="BsonDocument"/> is known; classes are not mapped.</summary>
public static class BsonSerializer
{
    /// <exception cref="FormatException">The bytes are not one document.</exception>
    /// <exception cref="BsonSerializationException"><typeparamref name="TNominalType"/> is not <see cref="BsonDocument"/>.</exception>
    public static TNominalType Deserialize<TNominalType>(byte[] bytes) => As<TNominalType>(BsonObjectReader.ReadDocument(bytes));

    /// <exception cref="FormatException">The text is not one document.</exception>
    /// <exception cref="BsonSerializationException"><typeparamref name="TNominalType"/> is not <see cref="BsonDocument"/>.</exception>
    public static TNominalType Deserialize<TNominalType>(string json) => As<TNominalType>(BsonDocument.Parse(json));

    private static T As<T>(BsonDocument document) => document is T it
        ? it
        : throw new BsonSerializationException($"{typeof(T)} is not mapped; use BsonDocument.");
}
