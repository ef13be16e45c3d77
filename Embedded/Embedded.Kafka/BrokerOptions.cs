using System.Collections;
using System.Globalization;

namespace Embedded.Kafka;

/// <summary>
/// The broker's settings and limits, with their defaults. On the command line each goes by the name that Apache Kafka
/// gives it (<see cref="Names"/>); where Kafka has none, by ours.
/// </summary>
public sealed record BrokerOptions
{
    /// <summary>Where to listen. Port 0 takes a free one.</summary>
    public string ListenHost { get; init; } = "127.0.0.1";

    public int ListenPort { get; init; } = 9092;

    /// <summary>What clients are told to connect to, if that is not where the broker listens.</summary>
    public string? AdvertisedHost { get; init; }

    /// <summary>The data folder; made if missing, locked while the broker runs.</summary>
    public required string DataDirectory { get; init; }

    public int NodeId { get; init; } = 1;

    /// <summary>Serve other machines without authentication.</summary>
    public bool AllowInsecure { get; init; }

    // Topics.
    public bool AutoCreateTopics { get; init; } = true;

    public int DefaultPartitions { get; init; } = 1;

    /// <summary>Take any replication factor as 1 instead of refusing those above it.</summary>
    public bool ClampReplicationFactor { get; init; }

    public int MaxPartitionsTotal { get; init; } = 20_000;

    public int MaxTopics { get; init; } = 10_000;

    /// <summary>Default of a topic's max.message.bytes.</summary>
    public int MaxMessageBytes { get; init; } = 1_048_588;

    /// <summary>Default of a topic's segment.bytes.</summary>
    public int SegmentBytes { get; init; } = 1 << 30;

    /// <summary>Default of a topic's retention.ms; −1 keeps records for ever.</summary>
    public long RetentionMs { get; init; } = 604_800_000;

    /// <summary>Default of a topic's retention.bytes, per partition; −1 is no limit.</summary>
    public long RetentionBytes { get; init; } = -1;

    public int RetentionCheckIntervalMs { get; init; } = 300_000;

    // Durability.

    /// <summary>How often dirty files are fsynced in the background; −1 leaves it to the operating system.</summary>
    public int FlushIntervalMs { get; init; } = 1000;

    /// <summary>Acknowledge only what has been fsynced, and show consumers nothing else.</summary>
    public bool FlushOnAck { get; init; }

    /// <summary>Appends are refused while the volume has less than this.</summary>
    public long MinFreeBytes { get; init; } = 256L << 20;

    /// <summary>A damaged partition is cut at the damage instead of being taken offline.</summary>
    public bool Repair { get; init; }

    /// <summary>Check every record batch at start, also those known to be on disk.</summary>
    public bool Verify { get; init; }

    // Producers.
    public long ProducerIdExpirationMs { get; init; } = 86_400_000;

    public int MaxProducersPerPartition { get; init; } = 100_000;

    // Requests and connections.
    public int MaxRequestBytes { get; init; } = 104_857_600;

    public int FetchMaxBytes { get; init; } = 57_671_680;

    public int MaxConnections { get; init; } = 2000;

    /// <summary>0 never closes an idle connection.</summary>
    public int MaxIdleMs { get; init; } = 600_000;

    // Groups.
    public int GroupInitialRebalanceDelayMs { get; init; } = 300;

    public int GroupMinSessionTimeoutMs { get; init; } = 6000;

    public int GroupMaxSessionTimeoutMs { get; init; } = 1_800_000;

    public int GroupMaxSize { get; init; } = int.MaxValue;

    public int OffsetsRetentionMinutes { get; init; } = 10_080;

    public int OffsetMetadataMaxBytes { get; init; } = 4096;

    /// <summary>A command-line name and how its text changes the options.</summary>
    private delegate BrokerOptions Setter(BrokerOptions options, string text);

    private static readonly Dictionary<string, Setter> Names = new(StringComparer.Ordinal)
    {
        ["listen"] = (o, text) => o.WithListen(text),
        ["data"] = (o, text) => o with { DataDirectory = Path.GetFullPath(text) },
        ["log.dirs"] = (o, text) => o with { DataDirectory = Path.GetFullPath(text) },
        ["advertised.host"] = (o, text) => o with { AdvertisedHost = text },
        ["node.id"] = (o, text) => o with { NodeId = Int(text, min: 0) },
        ["allow.insecure"] = (o, text) => o with { AllowInsecure = Bool(text) },
        ["auto.create.topics.enable"] = (o, text) => o with { AutoCreateTopics = Bool(text) },
        ["num.partitions"] = (o, text) => o with { DefaultPartitions = Int(text, min: 1) },
        ["clamp.replication.factor"] = (o, text) => o with { ClampReplicationFactor = Bool(text) },
        ["max.partitions.total"] = (o, text) => o with { MaxPartitionsTotal = Int(text, min: 1) },
        ["max.topics"] = (o, text) => o with { MaxTopics = Int(text, min: 1) },
        ["message.max.bytes"] = (o, text) => o with { MaxMessageBytes = Int(text, min: 1) },
        ["log.segment.bytes"] = (o, text) => o with { SegmentBytes = Int(text, min: 1024) },
        ["log.retention.ms"] = (o, text) => o with { RetentionMs = Long(text, min: -1) },
        ["log.retention.hours"] = (o, text) => o with { RetentionMs = Long(text, min: 0) * 3_600_000 },
        ["log.retention.bytes"] = (o, text) => o with { RetentionBytes = Long(text, min: -1) },
        ["log.retention.check.interval.ms"] = (o, text) => o with { RetentionCheckIntervalMs = Int(text, min: 1) },
        ["flush.interval.ms"] = (o, text) => o with { FlushIntervalMs = Int(text, min: -1) },
        ["flush.on.ack"] = (o, text) => o with { FlushOnAck = Bool(text) },
        ["min.free.bytes"] = (o, text) => o with { MinFreeBytes = Long(text, min: 0) },
        ["repair"] = (o, text) => o with { Repair = Bool(text) },
        ["verify"] = (o, text) => o with { Verify = Bool(text) },
        ["producer.id.expiration.ms"] = (o, text) => o with { ProducerIdExpirationMs = Long(text, min: 1) },
        ["max.producers.per.partition"] = (o, text) => o with { MaxProducersPerPartition = Int(text, min: 1) },
        ["socket.request.max.bytes"] = (o, text) => o with { MaxRequestBytes = Int(text, min: 1024) },
        ["fetch.max.bytes"] = (o, text) => o with { FetchMaxBytes = Int(text, min: 1024) },
        ["max.connections"] = (o, text) => o with { MaxConnections = Int(text, min: 1) },
        ["connections.max.idle.ms"] = (o, text) => o with { MaxIdleMs = Int(text, min: 0) },
        ["group.initial.rebalance.delay.ms"] = (o, text) => o with { GroupInitialRebalanceDelayMs = Int(text, min: 0) },
        ["group.min.session.timeout.ms"] = (o, text) => o with { GroupMinSessionTimeoutMs = Int(text, min: 1) },
        ["group.max.session.timeout.ms"] = (o, text) => o with { GroupMaxSessionTimeoutMs = Int(text, min: 1) },
        ["group.max.size"] = (o, text) => o with { GroupMaxSize = Int(text, min: 1) },
        ["offsets.retention.minutes"] = (o, text) => o with { OffsetsRetentionMinutes = Int(text, min: 1) },
        ["offset.metadata.max.bytes"] = (o, text) => o with { OffsetMetadataMaxBytes = Int(text, min: 0) },
    };

    /// <summary>
    /// Arguments for what the container image would read from its environment: <c>KAFKA_NUM_PARTITIONS</c> is <c>num.partitions</c>.
    /// Where a container keeps its data is no place here.
    /// </summary>
    public static IEnumerable<string> FromEnvironment(IDictionary environment)
    {
        foreach (var name in Names.Keys.Where(name => name is not ("listen" or "data" or "log.dirs")))
        {
            if (environment["KAFKA_" + name.ToUpperInvariant().Replace('.', '_')] is string text)
            {
                yield return $"--{name}={text}";
            }
        }
    }

    /// <summary>Reads <c>--name value</c> and <c>--name=value</c>; a name alone is true.</summary>
    /// <exception cref="ArgumentException">An unknown name or a value that does not fit; the message says which and why.</exception>
    public static BrokerOptions Parse(IReadOnlyList<string> args)
    {
        var options = new BrokerOptions { DataDirectory = "" };
        for (var i = 0; i < args.Count; i++)
        {
            var (name, text) = args[i].Split('=', 2) is [var before, var after] ? (before, after) : (args[i], null);
            if (!name.StartsWith("--", StringComparison.Ordinal) || !Names.TryGetValue(name[2..], out var set))
            {
                throw new ArgumentException($"Unknown setting '{name}'. Known: {string.Join(", ", Names.Keys.Select(known => "--" + known))}.");
            }

            if (text is null && i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
            {
                text = args[++i];
            }

            try
            {
                options = set(options, text ?? "true");
            }
            catch (FormatException e)
            {
                throw new ArgumentException($"{name} {text}: {e.Message}", e);
            }
        }

        if (options.DataDirectory.Length == 0)
        {
            throw new ArgumentException("--data DIR is missing: the folder where records are kept.");
        }

        options.Check();
        return options;
    }

    /// <exception cref="ArgumentException">Two settings contradict each other.</exception>
    public void Check()
    {
        // A frame holds at least one batch of the largest size; with half that room a legal message could never arrive.
        if (MaxRequestBytes < 2L * MaxMessageBytes)
        {
            throw new ArgumentException(
                $"socket.request.max.bytes ({MaxRequestBytes}) must be at least twice message.max.bytes ({MaxMessageBytes}).");
        }
    }

    private BrokerOptions WithListen(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0)
        {
            throw new FormatException("expected HOST:PORT, for example 127.0.0.1:9092.");
        }

        return this with { ListenHost = text[..colon].Trim('[', ']'), ListenPort = Int(text[(colon + 1)..], min: 0, max: ushort.MaxValue) };
    }

    private static bool Bool(string text) => bool.TryParse(text, out var value) ? value : throw new FormatException("expected true or false.");

    private static int Int(string text, int min, int max = int.MaxValue) => (int)Long(text, min, max);

    private static long Long(string text, long min, long max = long.MaxValue) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw new FormatException($"expected a whole number of at least {min}{(max == long.MaxValue ? "" : $", at most {max}")}.");
}
