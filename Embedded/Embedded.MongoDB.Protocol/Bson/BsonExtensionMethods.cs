using MongoDB.Bson.IO;

namespace MongoDB.Bson;

/// <summary>Values to bytes, to a document and to text.</summary>
public static class BsonExtensionMethods
{
    /// <summary>The value as Extended JSON; relaxed, on one line, unless the settings say otherwise.</summary>
    public static string ToJson<TNominalType>(this TNominalType obj, JsonWriterSettings? writerSettings = null) =>
        new JsonText(writerSettings ?? JsonWriterSettings.Defaults).Write(BsonMapping.ToBson(obj));

    /// <summary>The document as BSON.</summary>
    /// <exception cref="BsonSerializationException">The value is no document.</exception>
    public static byte[] ToBson<TNominalType>(this TNominalType obj) => BsonObjectWriter.ToBytes(obj.ToBsonDocument());

    /// <summary>The value as a document.</summary>
    /// <exception cref="BsonSerializationException">The value is no document; classes are not mapped.</exception>
    public static BsonDocument ToBsonDocument<TNominalType>(this TNominalType obj) => obj as BsonDocument
        ?? (obj as IConvertibleToBsonDocument)?.ToBsonDocument()
        ?? throw new BsonSerializationException($"{typeof(TNominalType)} is not mapped to a document; use BsonDocument.");
}
