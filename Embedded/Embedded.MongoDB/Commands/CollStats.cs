using Embedded.MongoDB.Bson;
using Embedded.MongoDB.Storage;

namespace Embedded.MongoDB.Commands;

/// <summary>collStats: the size of a collection. Counts and document bytes are exact; what they take on disk is the share of the file.</summary>
internal static class CollStats
{
    public static ValueTask RunAsync(CommandCall call)
    {
        var scale = Math.Max(1, call.OptionalInt64("scale"u8) ?? 1);
        call.Reply.WriteString("ns"u8, $"{call.DatabaseName}.{call.CollectionName()}");
        Write(call.Reply, call.FindCollection(), scale);
        return ValueTask.CompletedTask;
    }

    /// <summary>The same for the stage <c>$collStats</c>.</summary>
    public static void Write(BsonWriter reply, Collection? collection, long scale)
    {
        var count = collection?.Counters.Documents ?? 0;
        var bytes = collection?.Counters.Bytes ?? 0;
        reply.WriteInt64("size"u8, bytes / scale);
        reply.WriteInt64("count"u8, count);
        if (count > 0)
        {
            reply.WriteInt64("avgObjSize"u8, bytes / count);
        }

        reply.WriteInt32("numOrphanDocs"u8, 0);
        reply.WriteInt64("storageSize"u8, bytes / scale);
        reply.WriteInt64("freeStorageSize"u8, 0);
        reply.WriteBoolean("capped"u8, false);
        reply.WriteInt32("nindexes"u8, collection is null ? 0 : collection.Indexes.Length + 1);
        reply.EndDocument(reply.BeginArray("indexBuilds"u8));
        reply.WriteInt64("totalIndexSize"u8, 0);
        reply.WriteInt64("totalSize"u8, bytes / scale);
        var sizes = reply.BeginDocument("indexSizes"u8);
        if (collection is not null)
        {
            reply.WriteInt64("_id_"u8, 0);
        }

        foreach (var index in collection?.Indexes ?? [])
        {
            reply.WriteInt64(System.Text.Encoding.UTF8.GetBytes(index.Name), 0);
        }

        reply.EndDocument(sizes);
        reply.WriteInt32("scaleFactor"u8, (int)Math.Min(scale, int.MaxValue));
    }
}
