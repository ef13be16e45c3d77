using System.Runtime.InteropServices;
using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>The first words on a connection. The legacy name is understood by every server; <c>helloOk</c> asks for the new one.</summary>
internal static class Handshake
{
    public static BsonDocument First(MongoClientSettings settings)
    {
        var client = new BsonDocument
        {
            { "driver", new BsonDocument { { "name", "embedded-mongo-csharp-driver" }, { "version", Version } } },
            { "os", new BsonDocument { { "type", OsType }, { "architecture", $"{RuntimeInformation.OSArchitecture}" } } },
            { "platform", RuntimeInformation.FrameworkDescription },
        };
        if (settings.ApplicationName is { } name)
            client.InsertAt(0, new BsonElement("application", new BsonDocument("name", name)));
        return new BsonDocument { { "isMaster", 1 }, { "helloOk", true }, { "client", client }, { "compression", new BsonArray() } };
    }

    public static BsonDocument Again() => new() { { "isMaster", 1 }, { "helloOk", true } };

    private static string Version => typeof(Handshake).Assembly.GetName().Version?.ToString(3) ?? "0";

    private static string OsType => OperatingSystem.IsWindows() ? "Windows" : OperatingSystem.IsMacOS() ? "macOS" : "Linux";
}
