using Embedded.MongoDB.Query;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Commands;

/// <summary>listDatabases: the databases that hold something.</summary>
internal static class ListDatabases
{
    public static ValueTask RunAsync(CommandCall call)
    {
        var reply = call.Reply;
        var filter = Filter.Parse(Find.Or(call.OptionalDocument("filter"u8)));
        var isNameOnly = call.Flag("nameOnly"u8);
        long totalBytes = 0;
        var array = reply.BeginArray("databases"u8);
        var count = 0;
        foreach (var database in call.Server.Store.Databases)
        {
            var sizeBytes = database.SizeOnDiskBytes;
            var document = new BsonBuffer();
            var start = document.BeginDocument();
            document.WriteString("name"u8, database.Name);
            if (!isNameOnly)
            {
                document.WriteInt64("sizeOnDisk"u8, sizeBytes);
                document.WriteElement("empty"u8, RawValue.False);
            }

            document.EndDocument(start);
            if (!filter.Matches(document.Written))
            {
                continue;
            }

            reply.WriteIndexHeader(BsonType.Document, count++);
            reply.Output.Write(document.Written);
            totalBytes += sizeBytes;
        }

        reply.EndDocument(array);
        if (!isNameOnly)
        {
            reply.WriteInt64("totalSize"u8, totalBytes);
            reply.WriteInt64("totalSizeMb"u8, totalBytes / (1024 * 1024));
        }

        return ValueTask.CompletedTask;
    }
}
