using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>InitProducerId (key 22), v0–4. Gives an idempotent producer the id its sequence numbers count under.</summary>
/// <remarks>
/// v2 flexible · v3 the producer's present id and epoch. Not done: transactions, so a transactional id is refused.
/// Error: INVALID_REQUEST (a transactional id, or only one of id and epoch given).
/// Source: Apache Kafka message schemas, InitProducerIdRequest and InitProducerIdResponse; KIP-98, KIP-360.
/// </remarks>
internal static class InitProducerId
{
    public static ValueTask HandleAsync(Call call)
    {
        var body = call.Body;
        var reply = call.Reply;
        var transactionalId = body.ReadNullableString();
        body.ReadInt32();                                                    // transaction_timeout_ms
        var producerId = call.Version >= 3 ? body.ReadInt64() : -1;
        var producerEpoch = call.Version >= 3 ? body.ReadInt16() : -1;
        body.SkipTags();

        // Whatever id the producer had, a fresh one serves it as well: its sequences start over with it.
        var isValid = transactionalId is null && (producerId == -1) == (producerEpoch == -1);
        reply.WriteInt32(0);                                                 // throttle_time_ms
        reply.WriteError(isValid ? ErrorCode.None : ErrorCode.InvalidRequest);
        reply.WriteInt64(isValid ? call.Broker.Topics.NextProducerId() : -1);
        reply.WriteInt16(isValid ? (short)0 : (short)-1);
        reply.WriteTags();
        return ValueTask.CompletedTask;
    }
}
