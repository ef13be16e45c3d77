using Embedded.Kafka.Groups;
using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>OffsetFetch (key 9), v1–7. How far has the group read? Anyone may ask; a group that nobody knows has read nothing.</summary>
/// <remarks>
/// v2 null topics = all, and an error for the whole · v3 throttle time · v5 leader epoch · v6 flexible · v7 require stable:
/// means nothing yet, because without transactions every offset is.
/// Errors: none. Nothing committed is offset −1, as in Kafka.
/// Source: Apache Kafka message schemas, OffsetFetchRequest and OffsetFetchResponse.
/// </remarks>
internal static class OffsetFetch
{
    /// <param name="Topics">Null asks for everything.</param>
    internal sealed record Request(string GroupId, Topic[]? Topics);

    internal readonly record struct Topic(string Name, int[] Partitions);

    internal readonly record struct Answer(string Topic, PartitionAnswer[] Partitions);

    internal readonly record struct PartitionAnswer(int Partition, StoredOffset Offset);

    private static readonly StoredOffset Nothing = new(Offset: -1, LeaderEpoch: -1, Metadata: "", default);

    public static ValueTask HandleAsync(Call call)
    {
        var body = call.Body;
        var request = Read(ref body, call.Version);
        Write(call.Reply, call.Version, request.Topics is null ? All(call.Broker.Groups, request.GroupId) : Find(call.Broker.Groups, request));
        return ValueTask.CompletedTask;
    }

    internal static Request Read(ref WireReader body, short version)
    {
        var groupId = body.ReadString();
        var count = version >= 2 ? body.ReadNullableArrayLength(minElementBytes: 2) : body.ReadArrayLength(minElementBytes: 2);
        var topics = count < 0 ? null : new Topic[count];
        for (var i = 0; i < count; i++)
        {
            topics![i] = new Topic(body.ReadString(), body.ReadInt32Array());
            body.SkipTags();
        }
        if (version >= 7)
        {
            body.ReadBool();                                   // require_stable
        }

        body.SkipTags();
        return new Request(groupId, topics);
    }

    private static Answer[] All(GroupCoordinator groups, string groupId) =>
        [.. groups.AllOffsets(groupId)
            .GroupBy(entry => entry.Key.Topic, entry => new PartitionAnswer(entry.Key.Partition, entry.Value))
            .Select(topic => new Answer(topic.Key, [.. topic]))];

    private static Answer[] Find(GroupCoordinator groups, Request request) =>
        [.. request.Topics!.Select(topic => new Answer(topic.Name, [.. topic.Partitions.Select(partition =>
            new PartitionAnswer(partition, groups.FindOffset(request.GroupId, topic.Name, partition) ?? Nothing))]))];

    internal static void Write(WireWriter reply, short version, Answer[] topics)
    {
        if (version >= 3)
        {
            reply.WriteInt32(0);                               // throttle_time_ms
        }

        reply.WriteArrayLength(topics.Length);
        foreach (var (name, partitions) in topics)
        {
            reply.WriteString(name);
            reply.WriteArrayLength(partitions.Length);
            foreach (var (partition, kept) in partitions)
            {
                reply.WriteInt32(partition);
                reply.WriteInt64(kept.Offset);
                if (version >= 5)
                {
                    reply.WriteInt32(kept.LeaderEpoch);
                }

                reply.WriteNullableString(kept.Metadata);
                reply.WriteError(ErrorCode.None);
                reply.WriteTags();
            }
            reply.WriteTags();
        }
        if (version >= 2)
        {
            reply.WriteError(ErrorCode.None);
        }

        reply.WriteTags();
    }
}
