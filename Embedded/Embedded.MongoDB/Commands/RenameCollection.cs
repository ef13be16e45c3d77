using Embedded.MongoDB.Storage;

namespace Embedded.MongoDB.Commands;

/// <summary>renameCollection: within one database; between databases it would be a copy, which is left to the client.</summary>
internal static class RenameCollection
{
    public static async ValueTask RunAsync(CommandCall call)
    {
        var (database, from) = Split(call.OptionalString("renameCollection"u8));
        var (toDatabase, to) = Split(call.OptionalString("to"u8));
        if (database != toDatabase)
        {
            throw new CommandException(ErrorCode.IllegalOperation, "a collection cannot be renamed into another database here");
        }

        var isReplacing = call.Flag("dropTarget"u8);
        if (call.Server.Store.Find(database)?.Catalog.Find(from) is null)
        {
            throw new CommandException(ErrorCode.NamespaceNotFound, $"Source collection {database}.{from} does not exist");
        }

        await call.Server.Store.Open(database).Writer.WriteAsync(
            session =>
            {
                if (session.Catalog.Find(from) is null)
                {
                    throw new CommandException(ErrorCode.NamespaceNotFound, $"Source collection {database}.{from} does not exist");
                }

                if (session.Catalog.Find(to) is not null && !isReplacing)
                {
                    throw new CommandException(ErrorCode.NamespaceExists, "target namespace exists");
                }

                session.DropCollection(to);
                session.RenameCollection(from, to);
                return true;
            },
            isExclusive: true,
            isDurable: call.IsDurable());
        call.Server.Cursors.KillNamespace($"{database}.{from}");
    }

    private static (string Database, string Collection) Split(string? ns)
    {
        var dot = ns?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (dot <= 0)
        {
            throw new CommandException(ErrorCode.InvalidNamespace, $"Invalid namespace specified '{ns}'");
        }

        var (database, collection) = (ns![..dot], ns[(dot + 1)..]);
        DatabaseName.Check(database);
        DatabaseName.CheckCollection(database, collection);
        return (database, collection);
    }
}
