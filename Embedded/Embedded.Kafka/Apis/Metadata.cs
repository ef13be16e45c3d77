using Embedded.Kafka.Log;
using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>Metadata (key 3), v0–11. Which brokers and topics are there, and who leads which partition? This broker leads all.</summary>
/// <remarks>
/// v1 rack, controller · v2 cluster id · v3 throttle time · v4 auto-creation by request · v5 offline replicas · v7 leader epoch ·
/// v8 authorized operations · v9 flexible · v10 topic ids in answers · v11 no cluster operations. A topic named explicitly is created
/// at once where that is allowed, and answered complete, which saves clients a round of retries.
/// Errors: UNKNOWN_TOPIC_OR_PARTITION, INVALID_TOPIC_EXCEPTION, INVALID_REQUEST (a topic by id).
/// Source: Apache Kafka message schemas, MetadataRequest and MetadataResponse.
/// </remarks>
internal static class Metadata
{
    /// <summary>Operations were not asked for.</summary>
    private const int NotAsked = int.MinValue;

    /// <summary>Bit sets of all operations on a topic and on the cluster: there is no authorizer.</summary>
    private const int AllTopicOperations = 3576;
    private const int AllClusterOperations = 8096;

    /// <param name="Topics">Null asks for all of them.</param>
    private sealed record Request(List<(Guid Id, string? Name)>? Topics, bool AllowCreation, bool WithClusterOperations, bool WithTopicOperations);

    public static ValueTask HandleAsync(Call call)
    {
        var request = Read(call.Body, call.Version);
        Write(call, call.Reply, call.Version, request);
        return ValueTask.CompletedTask;
    }

    private static Request Read(WireReader body, short version)
    {
        List<(Guid, string?)>? topics = null;
        var count = version == 0 ? body.ReadArrayLength() : body.ReadNullableArrayLength();
        if (count > 0 || (count == 0 && version > 0))
        {
            topics = [];           // before v1 an empty list asked for all
        }

        for (; count > 0; count--)
        {
            topics!.Add((version >= 10 ? body.ReadUuid() : default, version >= 10 ? body.ReadNullableString() : body.ReadString()));
            body.SkipTags();
        }

        var request = new Request(
            topics,
            AllowCreation: version < 4 || body.ReadBool(),
            WithClusterOperations: version is >= 8 and <= 10 && body.ReadBool(),
            WithTopicOperations: version >= 8 && body.ReadBool());
        body.SkipTags();
        return request;
    }

    private static void Write(Call call, WireWriter reply, short version, Request request)
    {
        var broker = call.Broker;
        if (version >= 3)
        {
            reply.WriteInt32(0);                               // throttle_time_ms
        }

        reply.WriteArrayLength(1);
        reply.WriteInt32(broker.Options.NodeId);
        reply.WriteString(broker.AdvertisedHost);
        reply.WriteInt32(broker.Port);
        if (version >= 1)
        {
            reply.WriteNullableString(null);                   // rack
        }

        reply.WriteTags();
        if (version >= 2)
        {
            reply.WriteNullableString(broker.ClusterId);
        }

        if (version >= 1)
        {
            reply.WriteInt32(broker.Options.NodeId);           // controller_id
        }

        var all = request.Topics is null ? broker.Topics.All.ToArray() : [];
        reply.WriteArrayLength(request.Topics?.Count ?? all.Length);
        foreach (var topic in all)
        {
            WriteTopic(reply, version, request, ErrorCode.None, topic.Name, topic);
        }

        foreach (var (id, name) in request.Topics ?? [])
        {
            var (error, topic) = Find(broker, id, name, request.AllowCreation);
            WriteTopic(reply, version, request, error, name ?? "", topic);
        }

        if (version is >= 8 and <= 10)
        {
            reply.WriteInt32(request.WithClusterOperations ? AllClusterOperations : NotAsked);
        }

        reply.WriteTags();

        void WriteTopic(WireWriter reply, short version, Request request, ErrorCode error, string name, Topic? topic)
        {
            reply.WriteError(error);
            if (version >= 10)
            {
                reply.WriteNullableString(name);
            }
            else
            {
                reply.WriteString(name);
            }

            if (version >= 10)
            {
                reply.WriteUuid(topic?.Id ?? default);
            }

            if (version >= 1)
            {
                reply.WriteBool(false);                        // is_internal
            }

            reply.WriteArrayLength(topic?.Partitions.Length ?? 0);
            foreach (var partition in topic?.Partitions ?? [])
            {
                WritePartition(reply, version, partition, broker.Options.NodeId);
            }

            if (version >= 8)
            {
                reply.WriteInt32(request.WithTopicOperations ? AllTopicOperations : NotAsked);
            }

            reply.WriteTags();
        }
    }

    private static (ErrorCode Error, Topic? Topic) Find(Broker broker, Guid id, string? name, bool allowCreation)
    {
        if (name is null || id != default)
        {
            return (ErrorCode.InvalidRequest, null);
        }

        if (broker.Topics.Find(name) is { } known)
        {
            return (ErrorCode.None, known);
        }

        if (Topic.IsReserved(name))
        {
            return (ErrorCode.UnknownTopicOrPartition, null);
        }

        if (!Topic.IsValidName(name))
        {
            return (ErrorCode.InvalidTopic, null);
        }

        if (!allowCreation || !broker.Options.AutoCreateTopics)
        {
            return (ErrorCode.UnknownTopicOrPartition, null);
        }

        var error = broker.Topics.Create(
            name, broker.Options.DefaultPartitions, new Dictionary<string, string?>(), validateOnly: false, out var topic, out _);
        return error is ErrorCode.None or ErrorCode.TopicAlreadyExists ? (ErrorCode.None, topic) : (error, null);
    }

    private static void WritePartition(WireWriter reply, short version, PartitionLog partition, int nodeId)
    {
        reply.WriteError(ErrorCode.None);
        reply.WriteInt32(partition.Partition);
        reply.WriteInt32(nodeId);                                            // leader
        if (version >= 7)
        {
            reply.WriteInt32(partition.LeaderEpoch);
        }

        reply.WriteInt32Array([nodeId]);                                     // replicas
        reply.WriteInt32Array([nodeId]);                                     // in sync
        if (version >= 5)
        {
            reply.WriteInt32Array([]);                         // offline
        }

        reply.WriteTags();
    }
}
