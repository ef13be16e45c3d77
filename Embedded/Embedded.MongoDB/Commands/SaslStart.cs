using System.Text;
using Embedded.MongoDB.Bson;
using Embedded.MongoDB.Security;
using Embedded.MongoDB.Values;
using MongoDB.Bson;

namespace Embedded.MongoDB.Commands;

/// <summary>saslStart: a login begins. hello may carry it, to save a round trip.</summary>
internal static class SaslStart
{
    /// <summary>One login at a time on a connection, so all have the same number.</summary>
    private const int ConversationId = 1;

    public static ValueTask RunAsync(CommandCall call)
    {
        var mechanism = call.OptionalString("mechanism"u8);
        if (mechanism != Authenticator.Mechanism)
        {
            throw new CommandException(ErrorCode.MechanismUnavailable,
                $"Received authentication for mechanism {mechanism} which is not enabled: this server has {Authenticator.Mechanism}");
        }

        if (!TryBegin(call, RawValue.Document(call.Body.Span), call.DatabaseName))
        {
            throw SaslContinue.Refuse(call);
        }

        WriteAnswer(call.Reply, call.Client.Login.Conversation!.ServerFirst, isDone: false);
        return ValueTask.CompletedTask;
    }

    /// <summary>The saslStart inside a hello: answered where it can be, and left out where it cannot.</summary>
    public static void AnswerSpeculative(CommandCall call)
    {
        var request = RawValue.Document(Find.Or(call.OptionalDocument("speculativeAuthenticate"u8)));
        var mechanism = request.Field("mechanism"u8);
        var database = request.Field("db"u8);
        if (!mechanism.IsString || mechanism.Text != Authenticator.Mechanism
            || !TryBegin(call, request, database.IsString ? database.Text : Authenticator.Source))
        {
            return;
        }

        var answer = call.Reply.BeginDocument("speculativeAuthenticate"u8);
        WriteAnswer(call.Reply, call.Client.Login.Conversation!.ServerFirst, isDone: false);
        call.Reply.EndDocument(answer);
    }

    public static void WriteAnswer(BsonWriter reply, string payload, bool isDone)
    {
        reply.WriteInt32("conversationId"u8, ConversationId);
        reply.WriteBoolean("done"u8, isDone);
        reply.WriteBinary("payload"u8, BsonBinarySubType.Binary, Encoding.UTF8.GetBytes(payload));
    }

    private static bool TryBegin(CommandCall call, RawValue request, string database)
    {
        var payload = request.Field("payload"u8);
        var skipsEmptyExchange = request.Field("options"u8).Field("skipEmptyExchange"u8).IsTruthy;
        var conversation = payload.Type == BsonType.Binary ? call.Server.Authenticator.Begin(database, payload.Payload, skipsEmptyExchange) : null;
        call.Client.Login.Begin(conversation);
        return conversation is not null;
    }
}
