using Embedded.Kafka.Groups;
using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>SyncGroup (key 14), v0–5. The leader says who reads what; every member asks for its part, and waits until that is known.</summary>
/// <remarks>
/// v1 throttle time · v3 group instance id (KIP-345) · v4 flexible · v5 protocol type and name.
/// Assignments are bytes between the consumers; they are returned as they came.
/// Errors: UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, FENCED_INSTANCE_ID, REBALANCE_IN_PROGRESS, INCONSISTENT_GROUP_PROTOCOL,
/// COORDINATOR_NOT_AVAILABLE.
/// Source: Apache Kafka message schemas, SyncGroupRequest and SyncGroupResponse.
/// </remarks>
internal static class SyncGroup
{
    public static async ValueTask HandleAsync(Call call)
    {
        var body = call.Body;
        var request = Read(ref body, call.Version);
        var answer = await call.Broker.Groups.SyncAsync(request).WaitAsync(call.CancellationToken);
        Write(call.Reply, call.Version, answer);
    }

    internal static SyncRequest Read(ref WireReader body, short version)
    {
        var groupId = body.ReadString();
        var member = MemberKeys.Read(ref body, version, instanceIdFrom: 3);
        var request = new SyncRequest
        {
            GroupId = groupId,
            Member = member,
            ProtocolType = version >= 5 ? body.ReadNullableString() : null,
            Protocol = version >= 5 ? body.ReadNullableString() : null,
            Assignments = ReadAssignments(ref body),
        };
        body.SkipTags();
        return request;
    }

    private static KeyValuePair<string, byte[]>[] ReadAssignments(ref WireReader body)
    {
        var assignments = new KeyValuePair<string, byte[]>[body.ReadArrayLength(minElementBytes: 2)];
        for (var i = 0; i < assignments.Length; i++)
        {
            assignments[i] = new(body.ReadString(), body.ReadBytes().ToArray());
            body.SkipTags();
        }
        return assignments;
    }

    internal static void Write(WireWriter reply, short version, SyncAnswer answer)
    {
        if (version >= 1)
        {
            reply.WriteInt32(0);                               // throttle_time_ms
        }

        reply.WriteError(answer.Error);
        if (version >= 5)
        {
            reply.WriteNullableString(answer.ProtocolType);
        }

        if (version >= 5)
        {
            reply.WriteNullableString(answer.Protocol);
        }

        reply.WriteBytes(answer.Assignment);
        reply.WriteTags();
    }
}
