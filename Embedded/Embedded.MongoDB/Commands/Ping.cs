namespace Embedded.MongoDB.Commands;

/// <summary>ping: is anybody there. refreshSessions shares the answer, since sessions hold nothing that could expire here.</summary>
internal static class Ping
{
    public static ValueTask RunAsync(CommandCall call) => ValueTask.CompletedTask;
}
