using Embedded.MongoDB.Cursors;
using Embedded.MongoDB.Storage;
using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Commands;

/// <summary>listIndexes: the index on <c>_id</c> first, which every collection has.</summary>
internal static class ListIndexes
{
    /// <summary><c>{v: 2, key: {_id: 1}, name: "_id_"}</c></summary>
    public static byte[] IdIndex { get; } = MakeIdIndex();

    public static ValueTask RunAsync(CommandCall call)
    {
        var collection = call.FindCollection()
            ?? throw new CommandException(ErrorCode.NamespaceNotFound, $"ns does not exist: {call.DatabaseName}.{call.CollectionName()}");
        List<ReadOnlyMemory<byte>> documents = [IdIndex, .. collection.Indexes.Select(static index => (ReadOnlyMemory<byte>)index.Spec)];
        return CursorReply.WriteAsync(call, collection.Namespace, new DocumentSource(documents), ListCollections.BatchSize(call));
    }

    private static byte[] MakeIdIndex()
    {
        var document = new BsonBuffer();
        var start = document.BeginDocument();
        document.WriteInt32("v"u8, 2);
        document.WriteElement("key"u8, RawValue.Document(CollectionWriter.IdPattern));
        document.WriteString("name"u8, "_id_");
        document.EndDocument(start);
        return document.ToArray();
    }
}
