using Embedded.MongoDB.Values;
using Embedded.MongoDB.Wire;
using MongoDB.Bson;

namespace Embedded.MongoDB.Storage;

/// <summary>Every stored document has an <c>_id</c>, as its first field.</summary>
internal static class IdField
{
    /// <exception cref="CommandException">No document can have this as its <c>_id</c>.</exception>
    public static void Check(RawValue id)
    {
        if (id.Type is BsonType.Array or BsonType.RegularExpression or BsonType.Undefined)
        {
            throw new CommandException(ErrorCode.InvalidIdField, $"The '_id' value cannot be of type {TypeName.Of(id.Type)}");
        }

        if (!id.IsDocument)
        {
            return;
        }

        for (var elements = new Elements(id.Bytes); elements.MoveNext();)
        {
            if (elements.Name is [(byte)'$', ..])
            {
                throw new CommandException(ErrorCode.DollarPrefixedFieldName,
                    $"_id fields may not contain '$'-prefixed fields: {System.Text.Encoding.UTF8.GetString(elements.Name)} is not valid for storage.");
            }
        }
    }

    /// <summary>Whether the document can be stored as it came.</summary>
    public static bool IsInPlace(ReadOnlySpan<byte> document)
    {
        var elements = new Elements(document);
        return elements.MoveNext() && elements.Name.SequenceEqual("_id"u8);
    }

    /// <summary>Appends the document with its <c>_id</c> in front, a new one where it has none.</summary>
    public static void Place(ReadOnlySpan<byte> document, PooledBuffer output)
    {
        var start = output.Count;
        output.WriteInt32(0);
        var id = Elements.Find(document, "_id"u8);
        output.WriteByte((byte)(id.IsMissing ? BsonType.ObjectId : id.Type));
        output.Write("_id\0"u8);
        if (id.IsMissing)
        {
            output.Write(ObjectId.GenerateNewId().ToByteArray());
        }
        else
        {
            output.Write(id.Bytes);
        }

        var isFirst = true;
        for (var elements = new Elements(document); elements.MoveNext();)
        {
            if (isFirst && elements.Name.SequenceEqual("_id"u8))
            {
                isFirst = false;
            }
            else
            {
                output.Write(elements.Element);
            }
        }

        output.WriteByte(0);
        output.PatchInt32(start, output.Count - start);
    }
}
