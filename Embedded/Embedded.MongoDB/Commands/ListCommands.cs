using MongoDB.Bson;

namespace Embedded.MongoDB.Commands;

/// <summary>listCommands: the command table, for people.</summary>
internal static class ListCommands
{
    public static ValueTask RunAsync(CommandCall call)
    {
        var reply = call.Reply;
        var commands = reply.BeginDocument("commands"u8);
        foreach (var command in CommandTable.All)
        {
            reply.WriteHeader(BsonType.Document, command.Name);
            var start = reply.BeginDocument();
            reply.WriteString("help"u8, $"fields: {command.Fields ?? "any"}");
            reply.WriteBoolean("requiresAuth"u8, false);
            reply.EndDocument(start);
        }

        reply.EndDocument(commands);
        return ValueTask.CompletedTask;
    }
}
