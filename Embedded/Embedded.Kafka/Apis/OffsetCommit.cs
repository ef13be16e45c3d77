using Embedded.Kafka.Groups;
using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>OffsetCommit (key 8), v2–8. How far a group has read. Answered once it is on disk.</summary>
/// <remarks>
/// v3 throttle time · v5 no retention time (v2–4: read past; the broker's own counts) · v6 leader epoch · v7 group
/// instance id (KIP-345) · v8 flexible.
/// Errors, one a partition: UNKNOWN_TOPIC_OR_PARTITION, OFFSET_METADATA_TOO_LARGE; of the group, repeated for each:
/// UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION, FENCED_INSTANCE_ID, REBALANCE_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE.
/// Source: Apache Kafka message schemas, OffsetCommitRequest and OffsetCommitResponse.
/// </remarks>
internal static class OffsetCommit
{
    internal sealed record Request(string GroupId, MemberKey Member, Topic[] Topics);

    internal readonly record struct Topic(string Name, CommittedOffset[] Offsets);

    public static ValueTask HandleAsync(Call call)
    {
        var body = call.Body;
        var request = Read(ref body, call.Version);
        var errors = call.Broker.Groups.Commit(request.GroupId, request.Member, [.. request.Topics.SelectMany(topic => topic.Offsets)]);
        Write(call.Reply, call.Version, request, errors);
        return call.Broker.WhenDurableAsync();
    }

    internal static Request Read(ref WireReader body, short version)
    {
        var groupId = body.ReadString();
        var member = MemberKeys.Read(ref body, version, instanceIdFrom: 7);
        if (version <= 4)
        {
            body.ReadInt64();                                  // retention_time_ms
        }

        var topics = new Topic[body.ReadArrayLength(minElementBytes: 2)];
        for (var i = 0; i < topics.Length; i++)
        {
            topics[i] = ReadTopic(ref body, version);
        }

        body.SkipTags();
        return new Request(groupId, member, topics);
    }

    private static Topic ReadTopic(ref WireReader body, short version)
    {
        var name = body.ReadString();
        var offsets = new CommittedOffset[body.ReadArrayLength(minElementBytes: 13)];
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = new CommittedOffset(                                // arguments in wire order
                name,
                Partition: body.ReadInt32(),
                Offset: body.ReadInt64(),
                LeaderEpoch: version >= 6 ? body.ReadInt32() : -1,
                Metadata: body.ReadNullableString() ?? "");
            body.SkipTags();
        }
        body.SkipTags();
        return new Topic(name, offsets);
    }

    internal static void Write(WireWriter reply, short version, Request request, ReadOnlySpan<ErrorCode> errors)
    {
        if (version >= 3)
        {
            reply.WriteInt32(0);                               // throttle_time_ms
        }

        reply.WriteArrayLength(request.Topics.Length);
        foreach (var topic in request.Topics)
        {
            reply.WriteString(topic.Name);
            reply.WriteArrayLength(topic.Offsets.Length);
            for (var i = 0; i < topic.Offsets.Length; i++)
            {
                reply.WriteInt32(topic.Offsets[i].Partition);
                reply.WriteError(errors[i]);
                reply.WriteTags();
            }
            errors = errors[topic.Offsets.Length..];
            reply.WriteTags();
        }
        reply.WriteTags();
    }
}
