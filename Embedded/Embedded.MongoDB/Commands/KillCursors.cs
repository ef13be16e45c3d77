using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Commands;

/// <summary>killCursors: the client does not want the rest.</summary>
internal static class KillCursors
{
    public static ValueTask RunAsync(CommandCall call)
    {
        var killed = new List<long>();
        var unknown = new List<long>();
        var cursors = call.OptionalArray("cursors"u8);
        for (var elements = new Elements(Find.Or(cursors)); elements.MoveNext();)
        {
            if (elements.Type != BsonType.Int64)
            {
                throw CommandCall.WrongType("killCursors.cursors", elements.Value, "long");
            }

            var id = elements.Value.AsInt64;
            (call.Server.Cursors.Kill(id) ? killed : unknown).Add(id);
        }

        Write(call, "cursorsKilled"u8, killed);
        Write(call, "cursorsNotFound"u8, unknown);
        Write(call, "cursorsAlive"u8, []);
        Write(call, "cursorsUnknown"u8, []);
        return ValueTask.CompletedTask;
    }

    private static void Write(CommandCall call, ReadOnlySpan<byte> name, List<long> ids)
    {
        var array = call.Reply.BeginArray(name);
        for (var i = 0; i < ids.Count; i++)
        {
            call.Reply.WriteIndexHeader(BsonType.Int64, i);
            call.Reply.WriteInt64Value(ids[i]);
        }

        call.Reply.EndDocument(array);
    }
}
