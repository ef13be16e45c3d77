using Embedded.MongoDB.Security;

namespace Embedded.MongoDB.Commands;

/// <summary>connectionStatus: who is logged in.</summary>
internal static class ConnectionStatus
{
    public static ValueTask RunAsync(CommandCall call)
    {
        var reply = call.Reply;
        var info = reply.BeginDocument("authInfo"u8);
        WriteOne(call, "authenticatedUsers"u8, "user"u8, call.Client.Login.User);
        WriteOne(call, "authenticatedUserRoles"u8, "role"u8, "root");
        if (call.Flag("showPrivileges"u8))
        {
            reply.EndDocument(reply.BeginArray("authenticatedUserPrivileges"u8));
        }

        reply.EndDocument(info);
        return ValueTask.CompletedTask;
    }

    private static void WriteOne(CommandCall call, ReadOnlySpan<byte> array, ReadOnlySpan<byte> field, string? value)
    {
        var reply = call.Reply;
        var list = reply.BeginArray(array);
        if (call.Client.Login.User is not null)
        {
            var one = reply.BeginDocument("0"u8);
            reply.WriteString(field, value!);
            reply.WriteString("db"u8, Authenticator.Source);
            reply.EndDocument(one);
        }

        reply.EndDocument(list);
    }
}
