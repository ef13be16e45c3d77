using Embedded.Kafka.Groups;
using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>Heartbeat (key 12), v0–4. A member says "still here"; the answer may tell it to join again.</summary>
/// <remarks>
/// v1 throttle time · v3 group instance id (KIP-345) · v4 flexible.
/// Errors: UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, FENCED_INSTANCE_ID, REBALANCE_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE.
/// Source: Apache Kafka message schemas, HeartbeatRequest and HeartbeatResponse.
/// </remarks>
internal static class Heartbeat
{
    public static ValueTask HandleAsync(Call call)
    {
        var body = call.Body;
        var (groupId, member) = Read(ref body, call.Version);
        Write(call.Reply, call.Version, call.Broker.Groups.Heartbeat(groupId, member));
        return ValueTask.CompletedTask;
    }

    internal static (string GroupId, MemberKey Member) Read(ref WireReader body, short version)
    {
        var groupId = body.ReadString();
        var member = MemberKeys.Read(ref body, version, instanceIdFrom: 3);
        body.SkipTags();
        return (groupId, member);
    }

    internal static void Write(WireWriter reply, short version, ErrorCode error)
    {
        if (version >= 1)
        {
            reply.WriteInt32(0);                               // throttle_time_ms
        }

        reply.WriteError(error);
        reply.WriteTags();
    }
}
