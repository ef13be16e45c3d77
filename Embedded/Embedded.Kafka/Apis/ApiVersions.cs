using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>ApiVersions (key 18), v0–4. A client's first request: which APIs, in which versions?</summary>
/// <remarks>
/// v1 throttle time · v3 flexible, client software name and version · v4 same bytes as v3. Not done: feature tags.
/// The response header is always v0, and an unknown version is answered in the v0 layout with one entry, so that a client
/// can come back with a version both know. The connection sees to both (see <see cref="WriteUnsupported"/>).
/// Errors: INVALID_REQUEST (software names), UNSUPPORTED_VERSION.
/// Source: Apache Kafka message schemas, ApiVersionsRequest and ApiVersionsResponse; KIP-511.
/// </remarks>
internal static class ApiVersions
{
    public const short Key = 18;

    public static ValueTask HandleAsync(Call call)
    {
        var error = call.Version >= 3 ? CheckSoftware(call, call.Body) : ErrorCode.None;
        Write(call.Reply, call.Version, error, error == ErrorCode.None ? ApiTable.All : []);
        return ValueTask.CompletedTask;
    }

    /// <summary>The body for a version that this broker does not know: layout v0, one entry, never a null array.</summary>
    public static void WriteUnsupported(WireWriter reply) =>
        Write(reply, version: 0, ErrorCode.UnsupportedVersion, [ApiTable.Find(Key)!]);

    private static ErrorCode CheckSoftware(Call call, WireReader body)
    {
        var name = body.ReadString();
        var version = body.ReadString();
        body.SkipTags();
        if (!IsSoftwareName(name) || !IsSoftwareName(version))
        {
            return ErrorCode.InvalidRequest;
        }

        call.Broker.Log.ClientIs(new(call.ClientId), call.ClientHost, new(name), new(version));
        return ErrorCode.None;
    }

    private static void Write(WireWriter reply, short version, ErrorCode error, Api[] apis)
    {
        reply.WriteError(error);
        reply.WriteArrayLength(apis.Length);
        foreach (var api in apis)
        {
            reply.WriteInt16(api.Key);
            reply.WriteInt16(api.MinVersion);
            reply.WriteInt16(api.MaxVersion);
            reply.WriteTags();
        }

        if (version >= 1)
        {
            reply.WriteInt32(0);                               // throttle_time_ms
        }

        reply.WriteTags();
    }

    /// <summary>Letters and digits, with '.' and '-' between them.</summary>
    private static bool IsSoftwareName(string text) =>
        text.Length > 0 && char.IsAsciiLetterOrDigit(text[0]) && char.IsAsciiLetterOrDigit(text[^1])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
}
