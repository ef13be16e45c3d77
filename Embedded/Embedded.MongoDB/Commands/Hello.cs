using Embedded.MongoDB.Security;
using Embedded.MongoDB.Wire;

namespace Embedded.MongoDB.Commands;

/// <summary>
/// hello and its older names: who is there, and what it can do. Without a topologyVersion, so clients poll; as a
/// standalone server, so they send neither transaction numbers nor cluster times.
/// </summary>
internal static class Hello
{
    private const int SessionTimeoutMinutes = 30;

    public static ValueTask RunAsync(CommandCall call)
    {
        var reply = call.Reply;
        reply.WriteBoolean(call.Name == "hello" ? "isWritablePrimary"u8 : "ismaster"u8, true);
        if (call.Flag("helloOk"u8))
        {
            reply.WriteBoolean("helloOk"u8, true);
        }

        reply.WriteInt32("maxBsonObjectSize"u8, WireLimits.MaxDocumentBytes);
        reply.WriteInt32("maxMessageSizeBytes"u8, WireLimits.MaxMessageBytes);
        reply.WriteInt32("maxWriteBatchSize"u8, WireLimits.MaxWriteBatchCount);
        reply.WriteDateTime("localTime"u8, call.Now.ToUnixTimeMilliseconds());
        reply.WriteInt32("logicalSessionTimeoutMinutes"u8, SessionTimeoutMinutes);
        reply.WriteInt32("connectionId"u8, call.Client.Id);
        reply.WriteInt32("minWireVersion"u8, ServerVersion.MinWireVersion);
        reply.WriteInt32("maxWireVersion"u8, ServerVersion.MaxWireVersion);
        reply.WriteBoolean("readOnly"u8, false);
        if (!call.Argument("saslSupportedMechs"u8).IsMissing)             // of whichever user: nobody learns who exists
        {
            var mechanisms = reply.BeginArray("saslSupportedMechs"u8);
            reply.WriteString("0"u8, Authenticator.Mechanism);
            reply.EndDocument(mechanisms);
        }

        if (!call.Argument("speculativeAuthenticate"u8).IsMissing)
        {
            SaslStart.AnswerSpeculative(call);
        }

        return ValueTask.CompletedTask;
    }
}
