using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>FindCoordinator (key 10), v0–3. Which broker looks after this group? This one.</summary>
/// <remarks>
/// v1 key type, throttle time, error message · v3 flexible. Error: INVALID_REQUEST for a key type other than group and transaction.
/// Source: Apache Kafka message schemas, FindCoordinatorRequest and FindCoordinatorResponse.
/// </remarks>
internal static class FindCoordinator
{
    private const sbyte TransactionKey = 1;

    public static ValueTask HandleAsync(Call call)
    {
        var body = call.Body;
        var (reply, version) = (call.Reply, call.Version);
        body.ReadStringBytes();                                              // key
        var keyType = version >= 1 ? body.ReadInt8() : (sbyte)0;
        body.SkipTags();
        var isKnown = keyType is >= 0 and <= TransactionKey;

        if (version >= 1)
        {
            reply.WriteInt32(0);                               // throttle_time_ms
        }

        reply.WriteError(isKnown ? ErrorCode.None : ErrorCode.InvalidRequest);
        if (version >= 1)
        {
            reply.WriteNullableString(isKnown ? null : $"Key type {keyType} is neither a group nor a transaction.");
        }

        reply.WriteInt32(isKnown ? call.Broker.Options.NodeId : -1);
        reply.WriteString(isKnown ? call.Broker.AdvertisedHost : "");
        reply.WriteInt32(isKnown ? call.Broker.Port : -1);
        reply.WriteTags();
        return ValueTask.CompletedTask;
    }
}
