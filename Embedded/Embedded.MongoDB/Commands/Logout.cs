namespace Embedded.MongoDB.Commands;

/// <summary>logout: the connection is nobody's again.</summary>
internal static class Logout
{
    public static ValueTask RunAsync(CommandCall call)
    {
        call.Client.Login.End();
        return ValueTask.CompletedTask;
    }
}
