namespace Embedded.MongoDB.Commands;

/// <summary>getCmdLineOpts: how the server was started.</summary>
internal static class GetCmdLineOpts
{
    public static ValueTask RunAsync(CommandCall call)
    {
        var reply = call.Reply;
        reply.EndDocument(reply.BeginArray("argv"u8));
        reply.EndDocument(reply.BeginDocument("parsed"u8));
        return ValueTask.CompletedTask;
    }
}
