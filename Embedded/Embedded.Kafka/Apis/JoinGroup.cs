using Embedded.Kafka.Groups;
using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>JoinGroup (key 11), v0–9. A member wants to be in the group's next generation, and waits until it begins.</summary>
/// <remarks>
/// v1 rebalance timeout · v2 throttle time · v4 a member without an id is given one and asks again (KIP-394) · v5 group
/// instance id (KIP-345) · v6 flexible · v7 protocol type in the answer · v8 reason (read past) · v9 skip assignment.
/// Errors: INVALID_GROUP_ID, INVALID_SESSION_TIMEOUT, INCONSISTENT_GROUP_PROTOCOL, GROUP_MAX_SIZE_REACHED, MEMBER_ID_REQUIRED,
/// UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, REBALANCE_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE.
/// Source: Apache Kafka message schemas, JoinGroupRequest and JoinGroupResponse.
/// </remarks>
internal static class JoinGroup
{
    public static async ValueTask HandleAsync(Call call)
    {
        var body = call.Body;
        var request = Read(ref body, call.Version) with { ClientId = call.ClientId, ClientHost = call.ClientHost };
        // A client that hangs up ends only the wait: its member stays until its session says otherwise.
        var answer = await call.Broker.Groups.JoinAsync(request).WaitAsync(call.CancellationToken);
        Write(call.Reply, call.Version, answer);
    }

    internal static JoinRequest Read(ref WireReader body, short version)
    {
        var groupId = body.ReadString();
        var sessionTimeoutMs = body.ReadInt32();
        var request = new JoinRequest
        {
            GroupId = groupId,
            SessionTimeoutMs = sessionTimeoutMs,
            RebalanceTimeoutMs = version >= 1 ? body.ReadInt32() : sessionTimeoutMs,
            MemberId = body.ReadString(),
            InstanceId = version >= 5 ? body.ReadNullableString() : null,
            ProtocolType = body.ReadString(),
            Protocols = ReadProtocols(ref body),
            CanAskAgain = version >= 4,
            CanSkipAssignment = version >= 9,
        };
        if (version >= 8)
        {
            body.ReadNullableString();                         // reason
        }

        body.SkipTags();
        return request;
    }

    private static MemberProtocol[] ReadProtocols(ref WireReader body)
    {
        var protocols = new MemberProtocol[body.ReadArrayLength(minElementBytes: 2)];
        for (var i = 0; i < protocols.Length; i++)
        {
            protocols[i] = new(body.ReadString(), body.ReadBytes().ToArray());
            body.SkipTags();
        }
        return protocols;
    }

    internal static void Write(WireWriter reply, short version, JoinAnswer answer)
    {
        if (version >= 2)
        {
            reply.WriteInt32(0);                               // throttle_time_ms
        }

        reply.WriteError(answer.Error);
        reply.WriteInt32(answer.Generation);
        if (version >= 7)
        {
            reply.WriteNullableString(answer.ProtocolType);
        }

        if (version >= 7)
        {
            reply.WriteNullableString(answer.Protocol);
        }
        else
        {
            reply.WriteString(answer.Protocol ?? "");
        }

        reply.WriteString(answer.LeaderId);
        if (version >= 9)
        {
            reply.WriteBool(answer.SkipAssignment);
        }

        reply.WriteString(answer.MemberId);
        reply.WriteArrayLength(answer.Members.Count);
        foreach (var member in answer.Members)
        {
            reply.WriteString(member.MemberId);
            if (version >= 5)
            {
                reply.WriteNullableString(member.InstanceId);
            }

            reply.WriteBytes(member.Metadata);
            reply.WriteTags();
        }
        reply.WriteTags();
    }
}
