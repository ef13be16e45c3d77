namespace Embedded.MongoDB.Commands;

/// <summary>drop: removes a collection. One that does not exist is gone already.</summary>
internal static class Drop
{
    public static async ValueTask RunAsync(CommandCall call)
    {
        var name = call.CollectionName();
        if (call.FindCollection() is not { } collection)
        {
            return;
        }

        await call.Database!.Writer.WriteAsync(session => session.DropCollection(name), isExclusive: true, isDurable: call.IsDurable());
        call.Server.Cursors.KillNamespace(collection.Namespace);
        call.Reply.WriteInt32("nIndexesWas"u8, collection.Indexes.Length + 1);
        call.Reply.WriteString("ns"u8, collection.Namespace);
    }
}
