namespace Embedded.MongoDB.Commands;

/// <summary>dbStats: the size of a database.</summary>
internal static class DbStats
{
    public static ValueTask RunAsync(CommandCall call)
    {
        var reply = call.Reply;
        var scale = Math.Max(1, call.OptionalInt64("scale"u8) ?? 1);
        var database = call.Database;
        long documents = 0, bytes = 0;
        var indexes = 0;
        foreach (var collection in database?.Catalog.Collections.Values ?? [])
        {
            documents += collection.Counters.Documents;
            bytes += collection.Counters.Bytes;
            indexes += collection.Indexes.Length + 1;
        }

        var fileBytes = database?.SizeOnDiskBytes ?? 0;
        var drive = new DriveInfo(Path.GetFullPath(call.Server.Options.DataFolder));
        reply.WriteString("db"u8, call.DatabaseName);
        reply.WriteInt32("collections"u8, database?.Catalog.Collections.Count ?? 0);
        reply.WriteInt32("views"u8, 0);
        reply.WriteInt64("objects"u8, documents);
        reply.WriteDouble("avgObjSize"u8, documents == 0 ? 0 : (double)bytes / documents);
        reply.WriteDouble("dataSize"u8, (double)bytes / scale);
        reply.WriteDouble("storageSize"u8, (double)fileBytes / scale);
        reply.WriteInt32("indexes"u8, indexes);
        reply.WriteDouble("indexSize"u8, 0);
        reply.WriteDouble("totalSize"u8, (double)fileBytes / scale);
        reply.WriteInt64("scaleFactor"u8, scale);
        reply.WriteDouble("fsUsedSize"u8, (double)(drive.TotalSize - drive.TotalFreeSpace) / scale);
        reply.WriteDouble("fsTotalSize"u8, (double)drive.TotalSize / scale);
        return ValueTask.CompletedTask;
    }
}
