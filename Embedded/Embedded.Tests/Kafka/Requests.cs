using Embedded.Tests.Kafka.Wire;

namespace Embedded.Tests.Kafka;

/// <summary>Requests with honest defaults; a test names only what matters to it.</summary>
internal static class Requests
{
    public const short Produce = 0;
    public const short Fetch = 1;
    public const short ListOffsets = 2;
    public const short Metadata = 3;
    public const short FindCoordinator = 10;
    public const short ApiVersions = 18;
    public const short CreateTopics = 19;
    public const short InitProducerId = 22;
    public const short OffsetForLeaderEpoch = 23;

    public static Message ToProduce(string topic, int partition, byte[]? records, long acks = -1) => new()
    {
        ["transactional_id"] = null,
        ["acks"] = acks,
        ["timeout_ms"] = 1000L,
        ["topic_data"] = List(new Message
        {
            ["name"] = topic,
            ["partition_data"] = List(new Message { ["index"] = (long)partition, ["records"] = records }),
        }),
    };

    public static Message ToFetch(
        string topic, int partition, long offset, long maxWaitMs = 0, long minBytes = 1, long maxBytes = 1 << 20, long partitionMaxBytes = 1 << 20,
        long isolation = 0, long sessionId = 0, long sessionEpoch = -1, long currentEpoch = -1, long lastFetchedEpoch = -1) => new()
        {
            ["replica_id"] = -1L,
            ["max_wait_ms"] = maxWaitMs,
            ["min_bytes"] = minBytes,
            ["max_bytes"] = maxBytes,
            ["isolation_level"] = isolation,
            ["session_id"] = sessionId,
            ["session_epoch"] = sessionEpoch,
            ["topics"] = List(new Message
            {
                ["topic"] = topic,
                ["partitions"] = List(new Message
                {
                    ["partition"] = (long)partition,
                    ["current_leader_epoch"] = currentEpoch,
                    ["fetch_offset"] = offset,
                    ["last_fetched_epoch"] = lastFetchedEpoch,
                    ["log_start_offset"] = -1L,
                    ["partition_max_bytes"] = partitionMaxBytes,
                }),
            }),
            ["forgotten_topics_data"] = List(),
            ["rack_id"] = "",
        };

    public static Message ToListOffsets(string topic, int partition, long timestamp, long currentEpoch = -1) => new()
    {
        ["replica_id"] = -1L,
        ["isolation_level"] = 0L,
        ["topics"] = List(new Message
        {
            ["name"] = topic,
            ["partitions"] = List(
                new Message { ["partition_index"] = (long)partition, ["current_leader_epoch"] = currentEpoch, ["timestamp"] = timestamp }),
        }),
    };

    public static Message ToMetadata(bool create, params string[]? topics) => new()
    {
        ["topics"] = topics is null ? null : List([.. topics.Select(name => new Message { ["topic_id"] = Guid.Empty, ["name"] = name })]),
        ["allow_auto_topic_creation"] = create,
        ["include_cluster_authorized_operations"] = false,
        ["include_topic_authorized_operations"] = false,
    };

    public static Message ToCreateTopic(
        string name, long partitions = 1, long replicationFactor = 1, bool validateOnly = false,
        params (string Name, string? Value)[] settings) => new()
        {
            ["topics"] = List(new Message
            {
                ["name"] = name,
                ["num_partitions"] = partitions,
                ["replication_factor"] = replicationFactor,
                ["assignments"] = List(),
                ["configs"] = List([.. settings.Select(setting => new Message { ["name"] = setting.Name, ["value"] = setting.Value })]),
            }),
            ["timeout_ms"] = 1000L,
            ["validate_only"] = validateOnly,
        };

    public static Message ToInitProducerId(string? transactionalId = null, long id = -1, long epoch = -1) => new()
    {
        ["transactional_id"] = transactionalId,
        ["transaction_timeout_ms"] = 60_000L,
        ["producer_id"] = id,
        ["producer_epoch"] = epoch,
    };

    public static Message ToOffsetForLeaderEpoch(string topic, int partition, long epoch, long currentEpoch = -1) => new()
    {
        ["replica_id"] = -1L,
        ["topics"] = List(new Message
        {
            ["topic"] = topic,
            ["partitions"] = List(new Message { ["partition"] = (long)partition, ["current_leader_epoch"] = currentEpoch, ["leader_epoch"] = epoch }),
        }),
    };

    /// <summary>The answer's only partition.</summary>
    public static Message OnlyPartition(this Message answer) =>
        answer.Messages(answer.ContainsKey("responses") ? "responses" : "topics").Single() is var topic
            ? topic.Messages(topic.ContainsKey("partition_responses") ? "partition_responses" : "partitions").Single()
            : throw new InvalidOperationException();

    public static long Number(this Message message, string name) => (long)message[name]!;

    public static List<object?> List(params Message[] messages) => [.. messages];
}
