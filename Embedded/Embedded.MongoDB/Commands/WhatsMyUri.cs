namespace Embedded.MongoDB.Commands;

/// <summary>whatsmyuri: the client's own address.</summary>
internal static class WhatsMyUri
{
    public static ValueTask RunAsync(CommandCall call)
    {
        call.Reply.WriteString("you"u8, call.Client.Remote);
        return ValueTask.CompletedTask;
    }
}
