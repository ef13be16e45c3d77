using MongoDB.Bson;

namespace Embedded.MongoDB.Commands;

/// <summary>saslContinue: the client proves that it knows the password, and the server that it knew it before.</summary>
internal static class SaslContinue
{
    public static ValueTask RunAsync(CommandCall call)
    {
        if (call.Client.Login.Conversation is not { } conversation)
        {
            throw new CommandException(ErrorCode.ProtocolError, "No SASL session state found");
        }

        var payload = call.Argument("payload"u8);
        if ((payload.Type == BsonType.Binary ? conversation.Continue(payload.Payload) : null) is not { } answer)
        {
            throw Refuse(call);
        }

        if (conversation.IsDone)
        {
            call.Client.Login.Succeed();
        }

        SaslStart.WriteAnswer(call.Reply, answer, conversation.IsDone);
        return ValueTask.CompletedTask;
    }

    /// <summary>Every refusal reads the same, whatever was wrong.</summary>
    public static CommandException Refuse(CommandCall call)
    {
        call.Client.Login.Fail();
        call.Server.Logger.LoginFailed(call.Client.Id, call.Client.Remote);
        return new(ErrorCode.AuthenticationFailed, "Authentication failed.");
    }
}
