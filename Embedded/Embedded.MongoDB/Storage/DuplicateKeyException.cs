using System.Text;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Storage;

/// <summary>A unique index holds the key already. Clients look into <c>keyPattern</c> and <c>keyValue</c> to say which.</summary>
internal sealed class DuplicateKeyException : CommandException
{
    private DuplicateKeyException(string message, byte[] keyPattern, byte[] keyValue)
        : base(ErrorCode.DuplicateKey, message)
    {
        KeyPattern = keyPattern;
        KeyValue = keyValue;
    }

    /// <summary>The index's key, a document.</summary>
    public byte[] KeyPattern { get; }

    /// <summary>The values that exist already, a document.</summary>
    public byte[] KeyValue { get; }

    /// <param name="collection">Where.</param>
    /// <param name="indexName">The name of the index.</param>
    /// <param name="keyPattern">Its key, a document.</param>
    /// <param name="document">The document that was refused.</param>
    public static DuplicateKeyException Create(Collection collection, string indexName, ReadOnlySpan<byte> keyPattern, ReadOnlySpan<byte> document)
    {
        var values = new BsonBuffer();
        var start = values.BeginDocument();
        var text = new StringBuilder("{ ");
        for (var fields = new Elements(keyPattern); fields.MoveNext();)
        {
            var value = RawValue.Document(document);
            foreach (var part in Encoding.UTF8.GetString(fields.Name).Split('.'))
            {
                value = value.Field(Encoding.UTF8.GetBytes(part));
            }

            if (value.IsMissing)
            {
                value = RawValue.Null;
            }

            values.WriteElement(fields.Name, value);
            text.Append(text.Length > 2 ? ", " : "").Append(Encoding.UTF8.GetString(fields.Name)).Append(": ").Append(ShellText.Of(value));
        }

        values.EndDocument(start);
        return new(
            $"E11000 duplicate key error collection: {collection.Namespace} index: {indexName} dup key: {text} }}",
            keyPattern.ToArray(), values.ToArray());
    }
}
