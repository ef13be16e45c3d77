namespace Embedded.MongoDB.Commands;

/// <summary>
/// getLog: the server's recent log lines. They go to standard error, so the lists are empty; mongosh asks for the warnings when it starts.
/// </summary>
internal static class GetLog
{
    public static ValueTask RunAsync(CommandCall call)
    {
        var reply = call.Reply;
        switch (call.OptionalString("getLog"u8))
        {
            case "*":
                var names = reply.BeginArray("names"u8);
                reply.WriteString("0"u8, "global");
                reply.WriteString("1"u8, "startupWarnings");
                reply.EndDocument(names);
                break;
            case "global" or "startupWarnings":
                reply.WriteInt32("totalLinesWritten"u8, 0);
                reply.EndDocument(reply.BeginArray("log"u8));
                break;
            default:
                throw new CommandException(ErrorCode.OperationFailed, "there is no log of that name");
        }

        return ValueTask.CompletedTask;
    }
}
