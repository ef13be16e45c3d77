namespace Embedded.MongoDB.Commands;

/// <summary>dropDatabase: removes every collection. The file stays, with its pages free for what comes next.</summary>
internal static class DropDatabase
{
    public static async ValueTask RunAsync(CommandCall call)
    {
        if (call.Database is { } database && !database.Catalog.Collections.IsEmpty)
        {
            var names = database.Catalog.Collections.Keys.ToArray();
            await database.Writer.WriteAsync(session => names.Count(session.DropCollection), isExclusive: true, isDurable: call.IsDurable());
            foreach (var name in names)
            {
                call.Server.Cursors.KillNamespace($"{database.Name}.{name}");
            }
        }

        call.Reply.WriteString("dropped"u8, call.DatabaseName);
    }
}
