namespace Embedded.MongoDB.Commands;

/// <summary>connectionStatus: who is logged in. Nobody is: this server listens on the loopback address and has no users.</summary>
internal static class ConnectionStatus
{
    public static ValueTask RunAsync(CommandCall call)
    {
        var reply = call.Reply;
        var info = reply.BeginDocument("authInfo"u8);
        reply.EndDocument(reply.BeginArray("authenticatedUsers"u8));
        reply.EndDocument(reply.BeginArray("authenticatedUserRoles"u8));
        if (call.Flag("showPrivileges"u8))
            reply.EndDocument(reply.BeginArray("authenticatedUserPrivileges"u8));
        reply.EndDocument(info);
        return ValueTask.CompletedTask;
    }
}
