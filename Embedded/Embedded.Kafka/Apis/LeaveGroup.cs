using Embedded.Kafka.Groups;
using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>LeaveGroup (key 13), v0–5. Members that go; the rest share what they had. Answered without waiting for that.</summary>
/// <remarks>
/// v1 throttle time · v3 several members, by instance id too (KIP-345) · v4 flexible · v5 reason (read past).
/// Errors: UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, COORDINATOR_NOT_AVAILABLE; from v3 one for each member.
/// Source: Apache Kafka message schemas, LeaveGroupRequest and LeaveGroupResponse.
/// </remarks>
internal static class LeaveGroup
{
    public static ValueTask HandleAsync(Call call)
    {
        var body = call.Body;
        var (groupId, members) = Read(ref body, call.Version);
        Write(call.Reply, call.Version, members, call.Broker.Groups.Leave(groupId, members));
        return ValueTask.CompletedTask;
    }

    internal static (string GroupId, LeavingMember[] Members) Read(ref WireReader body, short version)
    {
        var groupId = body.ReadString();
        var members = version < 3 ? [new LeavingMember(body.ReadString(), null)] : ReadMembers(ref body, version);
        body.SkipTags();
        return (groupId, members);
    }

    private static LeavingMember[] ReadMembers(ref WireReader body, short version)
    {
        var members = new LeavingMember[body.ReadArrayLength(minElementBytes: 2)];
        for (var i = 0; i < members.Length; i++)
        {
            members[i] = new(body.ReadString(), body.ReadNullableString());
            if (version >= 5)
            {
                body.ReadNullableString();                     // reason
            }

            body.SkipTags();
        }
        return members;
    }

    internal static void Write(WireWriter reply, short version, LeavingMember[] members, ErrorCode[] errors)
    {
        if (version >= 1)
        {
            reply.WriteInt32(0);                               // throttle_time_ms
        }

        reply.WriteError(version < 3 ? errors[0] : ErrorCode.None);
        if (version >= 3)
        {
            reply.WriteArrayLength(members.Length);
            for (var i = 0; i < members.Length; i++)
            {
                reply.WriteString(members[i].MemberId);
                reply.WriteNullableString(members[i].InstanceId);
                reply.WriteError(errors[i]);
                reply.WriteTags();
            }
        }
        reply.WriteTags();
    }
}
