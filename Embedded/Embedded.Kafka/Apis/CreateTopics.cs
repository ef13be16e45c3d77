using Embedded.Kafka.Log;
using Embedded.Kafka.Wire;

namespace Embedded.Kafka.Apis;

/// <summary>CreateTopics (key 19), v0–7. Each topic succeeds or fails by itself, and is durable and usable when answered.</summary>
/// <remarks>
/// v1 validate only, error messages · v2 throttle time · v5 flexible, partition count and settings in the answer · v7 topic ids.
/// Errors, per topic and in this order: INVALID_REQUEST, INVALID_TOPIC_EXCEPTION, TOPIC_ALREADY_EXISTS, INVALID_REPLICA_ASSIGNMENT,
/// INVALID_PARTITIONS, INVALID_REPLICATION_FACTOR, INVALID_CONFIG.
/// Source: Apache Kafka message schemas, CreateTopicsRequest and CreateTopicsResponse.
/// </remarks>
internal static class CreateTopics
{
    private const int UseDefault = -1;
    private const sbyte SetForTopic = 1;
    private const sbyte FromDefault = 5;

    private sealed record Wanted(
        string Name, int Partitions, short ReplicationFactor, List<(int Partition, int[] Brokers)> Assignments, Dictionary<string, string?> Settings);

    private sealed record Outcome(ErrorCode Error, string? Problem, int Partitions = -1, Topic? Topic = null, TopicConfig? Config = null);

    public static ValueTask HandleAsync(Call call)
    {
        var (wanted, validateOnly) = Read(call.Body, call.Version);
        var twice = wanted.GroupBy(topic => topic.Name).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        var outcomes = wanted.ConvertAll(topic => (topic.Name, Create(call.Broker, topic, twice.Contains(topic.Name), validateOnly)));
        Write(call.Reply, call.Version, call.Broker.Options, outcomes);
        return ValueTask.CompletedTask;
    }

    private static Outcome Create(Broker broker, Wanted wanted, bool isTwice, bool validateOnly)
    {
        var nodeId = broker.Options.NodeId;
        var assigned = wanted.Assignments.Count > 0;
        if (isTwice)
        {
            return new(ErrorCode.InvalidRequest, $"'{wanted.Name}' is named twice.");
        }

        if (assigned && (wanted.Partitions != UseDefault || wanted.ReplicationFactor != UseDefault))
        {
            return new(ErrorCode.InvalidRequest, "With assignments, the partition count and replication factor have to be -1.");
        }

        // The name and an existing topic come before the rest; a dry run with counts that are always right asks for just those.
        var error = broker.Topics.Create(wanted.Name, 1, new Dictionary<string, string?>(), validateOnly: true, out _, out var problem);
        if (error is ErrorCode.InvalidTopic or ErrorCode.TopicAlreadyExists)
        {
            return new(error, problem);
        }

        if (assigned && !IsOurs(wanted.Assignments, nodeId))
        {
            return new(ErrorCode.InvalidReplicaAssignment, $"Partitions have to be 0, 1, 2 and so on, each on broker {nodeId} alone.");
        }

        var partitions = assigned ? wanted.Assignments.Count : wanted.Partitions == UseDefault ? broker.Options.DefaultPartitions : wanted.Partitions;
        if (partitions < 1)
        {
            return new(ErrorCode.InvalidPartitions, $"{partitions} partitions: at least 1 is needed.");
        }

        if (wanted.ReplicationFactor is not (1 or UseDefault) && !broker.Options.ClampReplicationFactor)
        {
            return new(ErrorCode.InvalidReplicationFactor, $"Replication factor {wanted.ReplicationFactor}: there is one broker.");
        }

        error = broker.Topics.Create(wanted.Name, partitions, wanted.Settings, validateOnly, out var topic, out problem);
        if (error != ErrorCode.None)
        {
            return new(error, problem);
        }

        TopicConfig.TryCreate(broker.Options, wanted.Settings, out var config, out _);
        return new(ErrorCode.None, null, partitions, topic, config);
    }

    private static bool IsOurs(List<(int Partition, int[] Brokers)> assignments, int nodeId) =>
        assignments.OrderBy(assignment => assignment.Partition)
            .Select((assignment, i) => assignment.Partition == i && assignment.Brokers is [var only] && only == nodeId)
            .All(isOurs => isOurs);

    private static (List<Wanted> Topics, bool ValidateOnly) Read(WireReader body, short version)
    {
        var topics = new List<Wanted>();
        for (var left = body.ReadArrayLength(); left > 0; left--)
        {
            var wanted = new Wanted(body.ReadString(), body.ReadInt32(), body.ReadInt16(), [], new(StringComparer.Ordinal));
            for (var assignments = body.ReadArrayLength(); assignments > 0; assignments--)
            {
                wanted.Assignments.Add((body.ReadInt32(), body.ReadInt32Array()));
                body.SkipTags();
            }

            for (var settings = body.ReadArrayLength(); settings > 0; settings--)
            {
                wanted.Settings[body.ReadString()] = body.ReadNullableString();
                body.SkipTags();
            }

            body.SkipTags();
            topics.Add(wanted);
        }

        body.ReadInt32();                                                    // timeout_ms: the answer waits for nothing
        var validateOnly = version >= 1 && body.ReadBool();
        body.SkipTags();
        return (topics, validateOnly);
    }

    private static void Write(WireWriter reply, short version, BrokerOptions options, List<(string Name, Outcome Outcome)> outcomes)
    {
        if (version >= 2)
        {
            reply.WriteInt32(0);                               // throttle_time_ms
        }

        reply.WriteArrayLength(outcomes.Count);
        foreach (var (name, outcome) in outcomes)
        {
            reply.WriteString(name);
            if (version >= 7)
            {
                reply.WriteUuid(outcome.Topic?.Id ?? default);
            }

            reply.WriteError(outcome.Error);
            if (version >= 1)
            {
                reply.WriteNullableString(outcome.Problem);
            }

            if (version >= 5)
            {
                WriteDetails(reply, options, outcome);
            }

            reply.WriteTags();
        }

        reply.WriteTags();
    }

    private static void WriteDetails(WireWriter reply, BrokerOptions options, Outcome outcome)
    {
        var settings = outcome.Config?.All(options).ToList() ?? [];
        reply.WriteInt32(outcome.Partitions);
        reply.WriteInt16(outcome.Config is null ? (short)-1 : (short)1);     // replication_factor
        reply.WriteArrayLength(settings.Count);
        foreach (var (name, value, isOverride) in settings)
        {
            reply.WriteString(name);
            reply.WriteNullableString(value);
            reply.WriteBool(false);                                          // read_only
            reply.WriteInt8(isOverride ? SetForTopic : FromDefault);
            reply.WriteBool(false);                                          // is_sensitive
            reply.WriteTags();
        }
    }
}
