using MongoDB.Bson;

namespace Embedded.MongoDB.Commands;

/// <summary>startSession: a session id from the server; drivers make their own.</summary>
internal static class StartSession
{
    public static ValueTask RunAsync(CommandCall call)
    {
        var reply = call.Reply;
        var id = reply.BeginDocument("id"u8);
        reply.WriteBinary("id"u8, BsonBinarySubType.UuidStandard, Guid.NewGuid().ToByteArray(bigEndian: true));
        reply.EndDocument(id);
        reply.WriteInt32("timeoutMinutes"u8, 30);
        return ValueTask.CompletedTask;
    }
}
