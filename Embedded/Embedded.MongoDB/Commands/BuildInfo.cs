using System.Runtime.InteropServices;
using Embedded.MongoDB.Wire;
using MongoDB.Bson;

namespace Embedded.MongoDB.Commands;

/// <summary>buildInfo: which server, for clients that decide by its version. mongosh calls a server genuine by what is missing here.</summary>
internal static class BuildInfo
{
    public static ValueTask RunAsync(CommandCall call)
    {
        var reply = call.Reply;
        reply.WriteString("version"u8, ServerVersion.Text);
        reply.WriteString("gitVersion"u8, "0000000000000000000000000000000000000000");
        reply.EndDocument(reply.BeginArray("modules"u8));
        reply.WriteString("allocator"u8, "system");
        reply.WriteString("javascriptEngine"u8, "none");
        reply.WriteString("sysInfo"u8, "deprecated");
        var array = reply.BeginArray("versionArray"u8);
        for (var i = 0; i < ServerVersion.Parts.Length; i++)
        {
            reply.WriteIndexHeader(BsonType.Int32, i);
            reply.Output.WriteInt32(ServerVersion.Parts[i]);
        }

        reply.EndDocument(array);
        var openssl = reply.BeginDocument("openssl"u8);
        reply.WriteString("running"u8, "disabled");
        reply.EndDocument(openssl);
        var environment = reply.BeginDocument("buildEnvironment"u8);
        reply.WriteString("target_arch"u8, RuntimeInformation.ProcessArchitecture.ToString());
        reply.WriteString("target_os"u8, OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macOS" : "linux");
        reply.EndDocument(environment);
        reply.WriteInt32("bits"u8, 64);
        reply.WriteBoolean("debug"u8, false);
        reply.WriteInt32("maxBsonObjectSize"u8, WireLimits.MaxDocumentBytes);
        var engines = reply.BeginArray("storageEngines"u8);
        reply.WriteString("0"u8, "sqlite");
        reply.EndDocument(engines);
        return ValueTask.CompletedTask;
    }
}
