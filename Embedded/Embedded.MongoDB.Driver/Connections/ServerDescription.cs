using Embedded.MongoDB.Protocol.Wire;
using MongoDB.Bson;

namespace MongoDB.Driver;

/// <summary>What a server said about itself in its hello.</summary>
internal sealed record ServerDescription(
    bool IsWritable, string? SetName, int MaxDocumentBytes, int MaxMessageBytes, int MaxWriteBatchCount, int? ConnectionId)
{
    /// <summary>The wire protocol versions of this driver: servers 4.2 and later.</summary>
    private const int MinWireVersion = 8;
    private const int MaxWireVersion = 29;

    /// <exception cref="MongoIncompatibleDriverException">No wire protocol version in common.</exception>
    public static ServerDescription From(BsonDocument hello)
    {
        var (min, max) = (Int(hello, "minWireVersion", 0), Int(hello, "maxWireVersion", 0));
        if (max < MinWireVersion || min > MaxWireVersion)
            throw new MongoIncompatibleDriverException(
                $"The server speaks wire versions {min} to {max}, this driver {MinWireVersion} to {MaxWireVersion}.");

        return new(
            IsWritable: hello.GetValue("isWritablePrimary", hello.GetValue("ismaster", false)).ToBoolean(),
            SetName: hello.TryGetValue("setName", out var name) ? name.AsString : null,
            MaxDocumentBytes: Int(hello, "maxBsonObjectSize", WireLimits.MaxDocumentBytes),
            MaxMessageBytes: Math.Min(Int(hello, "maxMessageSizeBytes", WireLimits.MaxMessageBytes), WireLimits.MaxMessageBytes),
            MaxWriteBatchCount: Math.Max(1, Int(hello, "maxWriteBatchSize", 1000)),
            ConnectionId: hello.TryGetValue("connectionId", out var id) ? id.ToInt32() : null);
    }

    private static int Int(BsonDocument hello, string name, int otherwise) =>
        hello.TryGetValue(name, out var value) && value.IsNumeric ? value.ToInt32() : otherwise;
}
