using Embedded.MongoDB.Cursors;
using Embedded.MongoDB.Query;
using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Commands;

/// <summary>listCollections: what a database holds; the filter is a query over the descriptions.</summary>
internal static class ListCollections
{
    public static ValueTask RunAsync(CommandCall call)
    {
        var filter = Filter.Parse(Find.Or(call.OptionalDocument("filter"u8)));
        var isNameOnly = call.Flag("nameOnly"u8);
        var documents = new List<ReadOnlyMemory<byte>>();
        foreach (var collection in call.Database?.Catalog.Collections.Values ?? [])
        {
            var document = Describe(collection, isNameOnly: false);
            if (filter.Matches(document))
            {
                documents.Add(isNameOnly ? Describe(collection, isNameOnly: true) : document);
            }
        }

        return CursorReply.WriteAsync(call, $"{call.DatabaseName}.$cmd.listCollections", new DocumentSource(documents), BatchSize(call));
    }

    /// <summary>Commands without a batch size of their own have it in <c>cursor</c>.</summary>
    internal static long? BatchSize(CommandCall call)
    {
        var size = Elements.Find(Find.Or(call.OptionalDocument("cursor"u8)), "batchSize"u8);
        if (size.IsNullish)
        {
            return null;
        }

        return size.IsNumber && Number.From(size).TryGetInt64(out var count) && count >= 0
            ? count
            : throw new CommandException(51024, "BSON field 'cursor.batchSize' must be a number that is not negative");
    }

    private static byte[] Describe(Collection collection, bool isNameOnly)
    {
        var document = new BsonBuffer();
        var start = document.BeginDocument();
        document.WriteString("name"u8, collection.Name);
        document.WriteString("type"u8, "collection");
        if (!isNameOnly)
        {
            document.WriteElement("options"u8, RawValue.Document(collection.Options.Length == 0 ? Find.EmptyDocument : collection.Options));
            document.BeginElement(BsonType.Document, "info"u8);
            var info = document.BeginDocument();
            document.WriteElement("readOnly"u8, RawValue.False);
            document.WriteElement("uuid"u8, new RawValue(BsonType.Binary, [16, 0, 0, 0, (byte)BsonBinarySubType.UuidStandard, .. collection.Uuid]));
            document.EndDocument(info);
            document.WriteElement("idIndex"u8, RawValue.Document(ListIndexes.IdIndex));
        }

        document.EndDocument(start);
        return document.ToArray();
    }
}
