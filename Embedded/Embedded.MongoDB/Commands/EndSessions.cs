using Embedded.MongoDB.Values;

namespace Embedded.MongoDB.Commands;

/// <summary>endSessions: what these sessions left open is closed. Clients often send it as their last word and wait for no reply.</summary>
internal static class EndSessions
{
    public static ValueTask RunAsync(CommandCall call)
    {
        var sessions = call.OptionalArray("endSessions"u8);
        for (var elements = new Elements(Find.Or(sessions)); elements.MoveNext();)
        {
            call.Server.Cursors.KillSession(elements.Value.Field("id"u8).Bytes);
        }

        return ValueTask.CompletedTask;
    }
}
